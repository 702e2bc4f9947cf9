import { accessDenied } from './access/denials.ts';
import type { Access } from './access/index.ts';
import type { Calls } from './calls.ts';
import type { Clock } from './clock.ts';
import { awsJson, rpcV2Cbor } from './protocols/aws-json.ts';
import { awsQuery } from './protocols/aws-query.ts';
import { answerPreflight, corsHeaders } from './protocols/cors.ts';
import { errorStatus } from './protocols/error-statuses.ts';
import type { Exchange, Protocol } from './protocols/exchange.ts';
import type { HttpHandler, HttpMessage, HttpRequest, HttpResponse, HttpWriter } from './protocols/http.ts';
import { httpRefusal } from './protocols/http-refusals.ts';
import type { HttpTimeouts } from './protocols/http-versions.ts';
import { createHttpServer } from './protocols/http-versions.ts';
import { IncomingRequest, readBody } from './protocols/incoming-request.ts';
import { lambdaRest } from './protocols/lambda-rest.ts';
import { s3Rest } from './protocols/s3-rest.ts';
import { isCrossSite, refuseForeignHost } from './protocols/page-guard.ts';
import { refuseOtherService } from './protocols/unsupported-service.ts';
import type { Principal } from './service.ts';
import { AwsError } from './service.ts';
import { messageOf } from './values.ts';

export interface ServerOptions {
  /** Its time is the Date header. */
  readonly clock: Clock;
  /** 0 picks a free port. */
  readonly port: number;
  readonly timeouts?: HttpTimeouts;
}

export interface Serving {
  readonly calls: Calls;
  readonly access: Access;
  /** Answers requests that are for no AWS service. */
  readonly fallback: HttpHandler;
}

/** The HTTP server. It listens before the template is resolved, because queue URLs and outputs have its URL in them, and serves afterwards. */
export interface Server {
  /** http://127.0.0.1:4000, without a slash at its end. */
  readonly url: string;
  /** Every request gets 503 until this is called. */
  serve(serving: Serving): void;
  /** Ends waiting requests and closes the port. */
  close(): Promise<void>;
}

/** The first protocol that recognizes a request reads it. */
const protocols: readonly Protocol[] = [awsJson, rpcV2Cbor, s3Rest, lambdaRest, awsQuery];

/** An idle connection is kept longer than any client keeps it, so that none is closed during a request. */
const defaultTimeouts: HttpTimeouts = {
  firstByte: 10_000,
  headers: 10_000,
  request: 60_000,
  keepAlive: 75_000,
  check: 5_000,
};

const asAwsError = (error: unknown): AwsError => {
  if (error instanceof AwsError) return error;
  return new AwsError('InternalFailure', messageOf(error));
};

const crossSite =
  'The request was made for a page of another origin. It may only call SQS, with credentials of a role.';

/** @throws AwsError AccessDenied for a page's request that acts as the administrator, or calls another service than SQS */
const checkPage = (request: HttpRequest, service: string, principal: Principal): void => {
  if (isCrossSite(request) && (service !== 'sqs' || principal.type === 'administrator')) {
    throw accessDenied(service, crossSite);
  }
};

const answerCall = async (request: HttpRequest, exchange: Exchange, { calls, access }: Serving) => {
  const { service, action } = exchange;
  try {
    const found = calls.find(service, action);
    const parameters = exchange.parameters();
    const principal = found.permissions ? access.authenticate(request, service) : ({ type: 'anonymous' } as const);
    checkPage(request, service, principal);
    return exchange.answer(await calls.run(service, action, parameters, callOf(request, principal)));
  } catch (error) {
    const refused = asAwsError(error);
    const { code, message } = refused;
    return exchange.refuse({ code, message, status: errorStatus(service, refused) });
  }
};

const callOf = (request: HttpRequest, principal: ReturnType<Access['authenticate']>) => ({
  principal,
  baseUrl: request.baseUrl,
  get signal() {
    return request.signal;
  },
});

const answerAws = async (request: HttpRequest, exchange: Exchange, serving: Serving): Promise<HttpResponse> => {
  const response = await answerCall(request, exchange, serving);
  const headers = { 'x-amzn-requestid': request.requestId, ...response.headers };
  const isPage = request.headers.origin !== undefined && exchange.service === 'sqs';
  return { ...response, headers: isPage ? { ...corsHeaders, ...headers } : headers };
};

const answer = async (request: HttpRequest, serving: Serving | undefined): Promise<HttpResponse> => {
  if (!serving) return httpRefusal(503, 'ServiceUnavailable', 'The emulator is starting');
  const foreign = refuseForeignHost(request.headers);
  if (foreign) return foreign;
  const preflight = answerPreflight(request);
  if (preflight) return preflight;
  for (const protocol of protocols) {
    const exchange = protocol(request);
    if (exchange) return await answerAws(request, exchange, serving);
  }
  return refuseOtherService(request) ?? (await serving.fallback(request));
};

const tooLong = httpRefusal(413, 'RequestTooLarge', 'The request is longer than 32 MiB.');

const send = (response: HttpWriter, { status, headers, body }: HttpResponse, date: string): void => {
  if (response.destroyed) return;
  response.writeHead(status, { date, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
};

/** The Date header by the clock, written anew only when its second has changed: every answer has one. */
const dates = (clock: Clock): (() => string) => {
  let second = NaN;
  let text = '';
  return () => {
    const now = Math.floor(clock.now() / 1000);
    if (now !== second) {
      second = now;
      text = new Date(now * 1000).toUTCString();
    }
    return text;
  };
};

/** Opens the server on 127.0.0.1. @throws Error with code EADDRINUSE when the port is taken. */
export const openServer = async ({ clock, port, timeouts = defaultTimeouts }: ServerOptions): Promise<Server> => {
  let serving: Serving | undefined;
  let url = '';

  const handle = async (message: HttpMessage, response: HttpWriter): Promise<HttpResponse> => {
    const body = await readBody(message);
    return body ? await answer(new IncomingRequest(message, response, { body, serverUrl: url }), serving) : tooLong;
  };

  const date = dates(clock);
  const server = createHttpServer((message, response) => {
    response.sendDate = false;
    handle(message, response).then(
      (answered) => {
        send(response, answered, date());
      },
      (error: unknown) => {
        if (message.destroyed && !message.complete) return;
        send(response, httpRefusal(500, 'InternalFailure', asAwsError(error).message), date());
      },
    );
  }, timeouts);

  await new Promise<void>((resolve, reject) => {
    server.sockets.once('error', reject);
    server.sockets.listen(port, '127.0.0.1', resolve);
  });
  const address = server.sockets.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    serve: (options) => {
      serving = options;
    },
    close: () => server.close(),
  };
};
