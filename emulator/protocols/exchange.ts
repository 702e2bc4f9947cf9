import type { Parameters } from '../service.ts';
import type { HttpRequest, HttpResponse } from './http.ts';

/** An error in an answer. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** A request that its protocol has read, and the protocol's form of the answer. */
export interface Exchange {
  /** As permissions name it: `sqs`. */
  readonly service: string;
  readonly action: string;
  /** As the JSON protocol carries them. @throws AwsError when they cannot be read. */
  parameters(): Parameters;
  answer(output: object): HttpResponse;
  refuse(refusal: Refusal): HttpResponse;
}

/** Reads a request; undefined when it does not speak this protocol. */
export type Protocol = (request: HttpRequest) => Exchange | undefined;
