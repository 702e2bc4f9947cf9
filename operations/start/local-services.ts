import type { Emulator } from 'aws-template-emulator';
import { listConstructs } from '../deployment/constructs.ts';
import { readOutputs } from '../deployment/service.ts';

/** A service of the stack that runs here. */
export interface LocalServiceOutputs {
  /** As --construct names it; empty in this project's own stack. */
  readonly construct: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** Undefined with streamMode NONE. */
  readonly streamName: string | undefined;
}

/** The stack's services, at least one: a stack that has no outputs of one is taken for one, whose API is at the root. */
export const localServices = ({
  url,
  outputs,
}: Pick<Emulator, 'url' | 'outputs'>): readonly [LocalServiceOutputs, ...LocalServiceOutputs[]] => {
  const constructs = listConstructs(outputs);
  const [first, ...others] = constructs.map((construct): LocalServiceOutputs => {
    const { ApiUrl = url, EventStreamName: streamName } = readOutputs(outputs, construct);
    return { construct, apiUrl: constructs.length === 1 ? url : ApiUrl.replace(/\/$/, ''), streamName };
  });
  return [first ?? { construct: '', apiUrl: url, streamName: undefined }, ...others];
};
