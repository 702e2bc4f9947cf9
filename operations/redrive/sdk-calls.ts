/** An SDK's client, and what it sends. */
interface SdkClient {
  send(command: unknown, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

type Commands = Readonly<Record<`${string}Command`, new (input: never) => unknown>>;

/**
 * Calls AWS for the modules of functions, which have a client of their own, with one of the SDK: it finds an operator's credentials
 * wherever they are.
 * @param commands the SDK's commands for all actions that are called
 */
export const sdkCalls = <C extends { readonly call: unknown }>(
  client: SdkClient,
  commands: Commands,
): Pick<C, 'call'> => ({
  call: (action: string, input: never, signal?: AbortSignal) => {
    const Command = commands[`${action}Command`];
    if (!Command) throw new Error(`There is no command for ${action}`);
    return client.send(new Command(input), { ...(signal && { abortSignal: signal }) });
  },
});
