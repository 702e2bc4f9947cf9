import { isIP } from 'node:net';
import { Duration } from 'aws-cdk-lib';

/** A kind of values. */
export interface Kind<T> {
  /** Describes a right value, to complete "it must be …". */
  readonly right: string;
  /** Describes a right value of a prop, where it is not the text that the context has. */
  readonly rightProp?: string;
  /** Reads a value from its text; undefined when the text is not right. */
  readonly parse: (text: string) => T | undefined;
  readonly isRight: (value: unknown) => boolean;
}

const text = (right: string, isRight: (text: string) => boolean): Kind<string> => ({
  right,
  parse: (given) => (isRight(given) ? given : undefined),
  isRight: (value) => typeof value === 'string' && isRight(value),
});

export const matching = (pattern: RegExp, right: string): Kind<string> => text(right, (given) => pattern.test(given));

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  /** The value is a multiple of it. Default 1. */
  readonly step?: number;
}

export const wholeNumber = ({ min, max, unit, step = 1 }: Bounds): Kind<number> => {
  const isRight = (value: unknown): boolean =>
    typeof value === 'number' && value >= min && value <= max && value % step === 0;
  return {
    right: `a whole number of ${unit} from ${min} to ${max}${step === 1 ? '' : `, a multiple of ${step}`}`,
    isRight,
    parse: (given) => (/^\d{1,9}$/.test(given) && isRight(Number(given)) ? Number(given) : undefined),
  };
};

/** A duration as a whole number of a unit. */
const duration = (
  number: Kind<number>,
  make: (count: number) => Duration,
  count: (value: Duration) => number,
): Kind<Duration> => ({
  right: number.right,
  rightProp: `a Duration, ${number.right}`,
  isRight: (value) => value instanceof Duration && number.isRight(count(value)),
  parse: (given) => {
    const value = number.parse(given);
    return value === undefined ? undefined : make(value);
  },
});

export const wholeHours = (min: number, max: number): Kind<Duration> =>
  duration(
    wholeNumber({ min, max, unit: 'hours' }),
    (hours) => Duration.hours(hours),
    (value) => value.toHours({ integral: false }),
  );

export const wholeSeconds = (min: number, max: number, step = 1): Kind<Duration> =>
  duration(
    wholeNumber({ min, max, unit: 'seconds', step }),
    (seconds) => Duration.seconds(seconds),
    (value) => value.toSeconds({ integral: false }),
  );

export const oneOf = <T extends string>(...values: readonly T[]): Kind<T> => ({
  right: values.join(' or '),
  parse: (given) => values.find((value) => value === given),
  isRight: (given) => values.some((value) => value === given),
});

export const trueOrFalse: Kind<boolean> = {
  right: 'true or false',
  parse: (given) => ({ true: true, false: false })[given],
  isRight: (value) => typeof value === 'boolean',
};

/** Values of a kind; in a text, separated by commas. */
export const listOf = ({ right, isRight }: Kind<string>): Kind<readonly string[]> => ({
  right: `${right}, several of them separated by commas`,
  rightProp: `a list, each of it ${right}`,
  isRight: (values) => Array.isArray(values) && values.every(isRight),
  parse: (given) => {
    const items = given.split(',').map((one) => one.trim());
    return items.every(isRight) ? items : undefined;
  },
});

export const cidr = text('an address range such as 203.0.113.0/24 or 2001:db8::/32', (given) => {
  const [address = '', bits = '', ...rest] = given.split('/');
  const max = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= max;
});

export const principal = matching(
  /^\d{12}$|^arn:aws(-[a-z]+)*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
  'an AWS account id or the ARN of a role or user, arn:aws:iam::<account>:role/<name>',
);

export const origin = text(
  'the origin of a page such as https://app.example.com',
  (given) => /^https?:\/\/[\w.:[\]-]+$/.test(given) && URL.canParse(given) && new URL(given).origin === given,
);

export const identityPoolId = matching(
  /^[\w-]+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'the id of an identity pool, <region>:<uuid>',
);

export const queuePrefix = matching(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/,
  '1 to 40 letters, digits, hyphens and underscores',
);

export const stage = matching(
  /^[a-z][a-z0-9-]{0,18}[a-z0-9]$|^[a-z]$/,
  '1 to 20 lower-case letters, digits and hyphens, a letter first',
);

/** CloudWatch cannot notify FIFO topics (name.fifo). */
export const topicArn = matching(
  /^arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
  'the ARN of a standard SNS topic, arn:aws:sns:<region>:<account>:<name>',
);
