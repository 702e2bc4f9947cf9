/** A client of the SDK, and the commands that it sends. */
interface SdkClient {
  send(command: unknown, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

type Commands = Readonly<Record<`${string}Command`, new (input: never) => unknown>>;

/**
 * Lets modules of the functions, which have a client of their own, call AWS with a client of the SDK, which finds an operator's
 * credentials in profiles, SSO and so on.
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
