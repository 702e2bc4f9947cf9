import type { AwsError, Parameters } from '../service.ts';
import type { HttpRequest, HttpResponse } from './http.ts';

/** A request read by its protocol, and how the protocol puts the answer. */
export interface Exchange {
  /** As permissions name it: `sqs`. */
  readonly service: string;
  readonly action: string;
  /** As the JSON protocol carries them. @throws AwsError when they cannot be read. */
  parameters(): Parameters;
  answer(output: object): HttpResponse;
  refuse(error: AwsError): HttpResponse;
}

/** Reads a request; undefined when it does not speak this protocol. */
export type Protocol = (request: HttpRequest) => Exchange | undefined;
