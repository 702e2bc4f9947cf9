/** The CDK ends names of what is not directly in the stack with it: https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html */
export const hash = '(?:[0-9A-F]{8})?';

/** An output that every service has, whatever it is made with. */
const sign = new RegExp(`^(\\w*)DispatchMachineArn${hash}$`);

/** The SqsBrowser constructs of a stack, as the names of its outputs begin: `Push`; an empty text for this project's own stack. */
export const listConstructs = (outputs: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(outputs)
    .flatMap((key) => sign.exec(key)?.[1] ?? [])
    .sort();
