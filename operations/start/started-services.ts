import { channel } from 'node:diagnostics_channel';

/**
 * Publishes every service that is started in this process from the project's own template. The recording of a whole test run
 * subscribes to it, so that no test needs to know of the recording.
 */
export const startedServices = channel('sqs-browser:started-services');
