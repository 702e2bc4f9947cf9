import type { EpochMilliseconds } from '../../clock.ts';
import type { HttpRequest } from '../../protocols/http.ts';
import { denial } from '../denials.ts';

/**
 * A SigV4 signature as a request carries it, in its Authorization header or, presigned, in its query.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 * Assumed: the messages of the errors, and that a presigned request without X-Amz-Expires is valid for fifteen minutes.
 */
export interface Signature {
  readonly accessKeyId: string;
  /** The credential scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** Names in lower case, sorted, as signed. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  /** 20151103T120000Z */
  readonly timestamp: string;
  readonly token: string | undefined;
  /** Seconds a presigned request stays valid; undefined for a header. */
  readonly validFor: number | undefined;
}

export const algorithm = 'AWS4-HMAC-SHA256';
const timestampForm = /^\d{8}T\d{6}Z$/;
/** A presigned URL is valid for a week at most. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const maxValiditySeconds = 604_800;

/** The one value of a header. */
export const headerOf = (request: HttpRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

const readCredential = (text: string, service: string) => {
  const parts = text.split('/');
  const [date = '', region = '', scopeService = '', end] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  if (accessKeyId === '' || end !== 'aws4_request') {
    throw denial(service, 'incomplete', `Credential must have exactly 5 slash-delimited elements, got '${text}'`);
  }
  return { accessKeyId, date, region, service: scopeService };
};

const readTimestamp = (text: string | undefined, service: string): string => {
  if (text === undefined || !timestampForm.test(text)) {
    throw denial(service, 'incomplete', 'Date must be in ISO-8601 basic format: YYYYMMDDTHHMMSSZ');
  }
  return text;
};

const field = (text: string, name: string): string | undefined => {
  const start = text.indexOf(`${name}=`);
  if (start < 0) return undefined;
  const end = text.indexOf(',', start);
  return text.slice(start + name.length + 1, end < 0 ? undefined : end).trim();
};

/** 20151103T120000Z */
export const basicTimestamp = (time: EpochMilliseconds): string =>
  new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');

const timestampOf = (httpDate: string | undefined): string | undefined => {
  const time = httpDate === undefined ? Number.NaN : Date.parse(httpDate);
  return Number.isNaN(time) ? undefined : basicTimestamp(time);
};

const fromHeader = (request: HttpRequest, header: string, service: string): Signature => {
  if (!header.startsWith(`${algorithm} `)) {
    throw denial(service, 'incomplete', `Unsupported AWS 'algorithm': '${header.split(' ', 1)[0] ?? ''}'`);
  }
  const [credential, signedHeaders, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) => {
    const value = field(header, name);
    if (value) return value;
    throw denial(service, 'incomplete', `Authorization header requires '${name}' parameter. Authorization=${header}`);
  });
  const timestamp = headerOf(request, 'x-amz-date') ?? timestampOf(headerOf(request, 'date'));
  return {
    ...readCredential(credential ?? '', service),
    signedHeaders: (signedHeaders ?? '').split(';'),
    signature: signature ?? '',
    timestamp: readTimestamp(timestamp, service),
    token: headerOf(request, 'x-amz-security-token'),
    validFor: undefined,
  };
};

const fromQuery = (request: HttpRequest, service: string): Signature | undefined => {
  if (!request.query.includes('X-Amz-Signature=')) return undefined;
  const query = new URLSearchParams(request.query);
  const need = (name: string): string => {
    const value = query.get(name);
    if (value !== null) return value;
    throw denial(service, 'incomplete', `AWS query-string parameters must include '${name}'.`);
  };
  if (need('X-Amz-Algorithm') !== algorithm) throw denial(service, 'incomplete', 'Unsupported X-Amz-Algorithm');
  const validFor = Number(query.get('X-Amz-Expires') ?? '900');
  if (!Number.isInteger(validFor) || validFor < 0 || validFor > maxValiditySeconds) {
    throw denial(service, 'incomplete', `X-Amz-Expires must be between 0 and ${maxValiditySeconds} seconds`);
  }
  return {
    ...readCredential(need('X-Amz-Credential'), service),
    signedHeaders: need('X-Amz-SignedHeaders').split(';'),
    signature: need('X-Amz-Signature'),
    timestamp: readTimestamp(need('X-Amz-Date'), service),
    token: query.get('X-Amz-Security-Token') ?? undefined,
    validFor,
  };
};

/** @throws AwsError when the request has no signature, or one that is not complete. */
export const readSignature = (request: HttpRequest, service: string): Signature => {
  const header = request.headers.authorization;
  const signature = header === undefined ? fromQuery(request, service) : fromHeader(request, header, service);
  if (!signature) throw denial(service, 'unsigned');
  return signature;
};

/** The service that a request is signed for; undefined when it is not signed. The signature is not checked. */
export const signedService = (request: HttpRequest): string | undefined => {
  const header = request.headers.authorization;
  const credential =
    header === undefined
      ? request.query.includes('X-Amz-Credential=') && new URLSearchParams(request.query).get('X-Amz-Credential')
      : field(header, 'Credential');
  return credential ? credential.split('/').at(-2) : undefined;
};
