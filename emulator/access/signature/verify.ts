import { createHmac, hash } from 'node:crypto';
import type { EpochMilliseconds } from '../../clock.ts';
import type { HttpRequest } from '../../protocols/http.ts';
import type { Principal } from '../../service.ts';
import { denial } from '../denials.ts';
import type { CredentialRecord, CredentialStore } from '../credential-store.ts';
import { sameText } from '../credential-store.ts';
import { stringToSign } from './canonical-request.ts';
import type { Signature } from './read-signature.ts';
import { basicTimestamp, headerOf, readSignature } from './read-signature.ts';

/**
 * A request's date may be this far from the emulator's clock.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const maxClockSkew = 15 * 60 * 1000;

/** The time of 20151103T120000Z, whose form has been checked. */
const timeOf = (timestamp: string): EpochMilliseconds => {
  const part = (from: number, to: number): string => timestamp.slice(from, to);
  const date = `${part(0, 4)}-${part(4, 6)}-${part(6, 8)}`;
  return Date.parse(`${date}T${part(9, 11)}:${part(11, 13)}:${part(13, 16)}`);
};

interface Times {
  readonly now: EpochMilliseconds;
  /** Another time with which requests may be signed. */
  readonly machineTime?: EpochMilliseconds | undefined;
}

const checkDate = (signature: Signature, service: string, { now: clockTime, machineTime }: Times): void => {
  const time = timeOf(signature.timestamp);
  const now = machineTime !== undefined && Math.abs(machineTime - time) <= maxClockSkew ? machineTime : clockTime;
  if (signature.timestamp.slice(0, 8) !== signature.date || Number.isNaN(time)) {
    throw denial(
      service,
      'wrongSignature',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${signature.date}' != '${signature.timestamp.slice(0, 8)}', from '${signature.timestamp}'.`,
    );
  }
  const { timestamp, validFor } = signature;
  const latest = time + (validFor === undefined ? maxClockSkew : validFor * 1000);
  if (now > latest && validFor !== undefined) throw denial(service, 'expiredRequest');
  if (now > latest) {
    const limit = `${basicTimestamp(now - maxClockSkew)} (${basicTimestamp(now)} - 15 min.)`;
    throw denial(service, 'wrongDate', `Signature expired: ${timestamp} is now earlier than ${limit}`);
  }
  if (now < time - maxClockSkew) {
    const limit = `${basicTimestamp(now + maxClockSkew)} (${basicTimestamp(now)} + 15 min.)`;
    throw denial(service, 'wrongDate', `Signature not yet current: ${timestamp} is still later than ${limit}`);
  }
};

const checkScope = (signature: Signature, service: string, region: string): void => {
  if (signature.service !== service) {
    throw denial(service, 'wrongSignature', `Credential should be scoped to correct service: '${service}'.`);
  }
  if (signature.region !== region) {
    throw denial(
      service,
      'wrongSignature',
      `Credential should be scoped to a valid region, not '${signature.region}'. The emulator's Region is '${region}'.`,
    );
  }
};

/** Checks that the headers that decide what the request does are signed: otherwise somebody could change them. */
const checkSignedHeaders = (request: HttpRequest, signature: Signature, service: string): void => {
  // HTTP/2 has no host header, but this in its place.
  const host = request.headers[':authority'] === undefined ? 'host' : ':authority';
  const missing = [host, 'x-amz-date', 'x-amz-target', 'x-amz-security-token', 'x-amz-content-sha256'].find(
    (name) => (name === host || request.headers[name] !== undefined) && !signature.signedHeaders.includes(name),
  );
  if (missing !== undefined) {
    throw denial(service, 'wrongSignature', `'${missing}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
};

const unsignedPayload = 'UNSIGNED-PAYLOAD';

/**
 * The body's hash in the signature. S3 allows a word in its place: the body is not signed, or signed in chunks.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
const payloadHash = (request: HttpRequest, { validFor, service }: Signature): string => {
  const stated = headerOf(request, 'x-amz-content-sha256');
  if (service === 's3') {
    if (validFor !== undefined) return stated ?? unsignedPayload;
    if (stated === unsignedPayload || stated?.startsWith('STREAMING-')) return stated;
  }
  return hash('sha256', request.body);
};

const checkSignature = (request: HttpRequest, signature: Signature, record: CredentialRecord): boolean => {
  const key = record.signingKey(signature.date, signature.region, signature.service);
  const hashed = payloadHash(request, signature);
  const expected = createHmac('sha256', key)
    .update(stringToSign(request, signature, hashed))
    .digest('hex');
  return sameText(signature.signature, expected);
};

export interface Verification extends Times {
  readonly credentials: CredentialStore;
  readonly region: string;
  readonly service: string;
}

/** The caller who signed the request. @throws AwsError with the code that `service` has for a signature that is missing, wrong or expired. */
export const verifySignature = (request: HttpRequest, verification: Verification): Principal => {
  const { credentials, region, service, now } = verification;
  const signature = readSignature(request, service);
  const record = credentials.find(signature.accessKeyId);
  if (!record) throw denial(service, 'unknownCredentials');
  if (!record.hasToken(signature.token)) throw denial(service, 'wrongToken');
  if (record.expires !== undefined && record.expires <= now) throw denial(service, 'expiredToken');
  checkScope(signature, service, region);
  checkDate(signature, service, verification);
  checkSignedHeaders(request, signature, service);
  if (!checkSignature(request, signature, record)) throw denial(service, 'wrongSignature');
  return record.principal;
};
