import { AuthorizationType, MockIntegration, PassthroughBehavior, type IResource } from 'aws-cdk-lib/aws-apigateway';
import { originTemplate } from './templates.ts';

/** What a page needs to send a signed request; browsers ask for it beforehand. */
const headers = {
  'Access-Control-Allow-Methods': "'GET,POST'",
  'Access-Control-Allow-Headers': "'authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-security-token'",
  'Access-Control-Max-Age': "'7200'",
  Vary: "'Origin'",
};

const parameters = <T>(value: (header: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(headers).map(([name, text]) => [`method.response.header.${name}`, value(text)]));

/** Answers preflight requests, which browsers send before a page may call the API. Browsers do not sign them. */
export const addPreflight = (resource: IResource, origins: readonly string[]): void => {
  const integration = new MockIntegration({
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': '{"statusCode": 204}' },
    integrationResponses: [
      {
        statusCode: '204',
        responseParameters: parameters((text) => text),
        responseTemplates: { 'application/json': originTemplate(origins) },
      },
    ],
  });
  resource.addMethod('OPTIONS', integration, {
    authorizationType: AuthorizationType.NONE,
    methodResponses: [{ statusCode: '204', responseParameters: parameters(() => true) }],
  });
};
