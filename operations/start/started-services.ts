import { channel } from 'node:diagnostics_channel';

/**
 * Tells whoever subscribes of every service that has been started in this process from the project's own template: how the
 * calls of a whole run of the tests are recorded, without any test knowing of it.
 */
export const startedServices = channel('sqs-browser:started-services');
