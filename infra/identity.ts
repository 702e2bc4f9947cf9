import { Stack, type Duration } from 'aws-cdk-lib';
import { CfnIdentityPool } from 'aws-cdk-lib/aws-cognito';
import {
  Effect,
  FederatedPrincipal,
  Grant,
  PolicyDocument,
  PolicyStatement,
  Role,
  CfnRole,
  type IGrantable,
} from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { regionOf, tokenIssuerIn } from './partitions.ts';

export interface IdentityProps {
  /** How long the browser's keys may live. */
  readonly keyLifetime: Duration;
  /** The name of the pool that is made; undefined lets CloudFormation choose one. */
  readonly poolName: string | undefined;
  /** A pool to use instead of making one. */
  readonly existingPoolId?: string | undefined;
  /** Pools whose identities sessions may still have. */
  readonly formerPoolIds: readonly string[];
  /** `guests`: anybody may get an identity. `developer`: only principals with IAM's permission to make one. */
  readonly identities: 'guests' | 'developer';
  /** Whether queue policies look at the identity as well as at the session name. */
  readonly checkSubject: boolean;
  /** The ARNs of the queues that browsers may read, as patterns. */
  readonly queueArns: readonly string[];
}

/** All that a browser does with its queue. */
const browserActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];

/** The developer provider of the pool, by which the stack's functions vouch for identities. */
const developerProvider = 'sqs-browser';

/** The identity pool of the browsers and the role that their keys belong to. */
export class Identity extends Construct {
  readonly poolId: string;
  /** False when the pool was given: then identities in it may be somebody else's. */
  readonly poolOwned: boolean;
  readonly browserRole: Role;
  /** The name of the developer provider; `none` for guests. */
  readonly developerProvider: string;
  /** The condition key in queue policies that has the identity; `none` for policies without it. */
  readonly subjectKey: string;
  /** The secret that role session names are derived from, together with the seeds in the table; `none` where they need not be secret. */
  readonly sessionNameSecret: string;
  /** Undefined where there is no secret. */
  readonly secretArn: string | undefined;

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id);
    const issuer = tokenIssuerIn(regionOf(this));
    const isGuest = props.identities === 'guests';
    this.developerProvider = isGuest ? 'none' : developerProvider;
    this.subjectKey = props.checkSubject ? `${issuer}:sub` : 'none';
    this.poolOwned = props.existingPoolId === undefined;
    this.poolId = props.existingPoolId ?? this.#makePool(props.poolName, isGuest);
    const secret = isGuest ? this.#makeSecret() : undefined;
    this.secretArn = secret?.secretArn;
    this.sessionNameSecret = secret?.secretValue.unsafeUnwrap() ?? 'none';
    // It has no permissions: the session policy of a browser's keys and its queue's policy say what the browser may do. It is not attached
    // to the pool, so that Cognito's GetCredentialsForIdentity gives nobody credentials.
    this.browserRole = new Role(this, 'BrowserRole', {
      description: 'What browsers act as; a session policy and a queue policy give each its one queue',
      maxSessionDuration: props.keyLifetime,
      inlinePolicies: { NothingElse: denyAllBut(props.queueArns) },
      assumedBy: new FederatedPrincipal(
        issuer,
        {
          StringEquals: { [`${issuer}:aud`]: poolIds(this.poolId, props.formerPoolIds) },
          'ForAnyValue:StringLike': { [`${issuer}:amr`]: isGuest ? 'unauthenticated' : 'authenticated' },
        },
        'sts:AssumeRoleWithWebIdentity',
      ),
    });
  }

  /** The first half of aws:userid in every session of the browser role. */
  get browserRoleId(): string {
    const { defaultChild: role } = this.browserRole.node;
    if (!CfnRole.isCfnRole(role)) throw new Error('The browser role is not a resource of this stack');
    return role.attrRoleId;
  }

  /** Allows making identities and their tokens. Guests need no permission: GetId and GetOpenIdToken are public. */
  grantMakeIdentities(grantee: IGrantable): void {
    if (this.developerProvider === 'none') return;
    Grant.addToPrincipal({
      grantee,
      actions: ['cognito-identity:GetOpenIdTokenForDeveloperIdentity'],
      resourceArns: [this.#poolArn],
    });
  }

  grantDeleteIdentities(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['cognito-identity:DeleteIdentities'],
      // The action knows no resources: identities are named in the request, not by ARN.
      resourceArns: ['*'],
    });
  }

  grantListIdentities(grantee: IGrantable): Grant {
    const actions = ['cognito-identity:ListIdentities'];
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.#poolArn] });
  }

  get #poolArn(): string {
    return Stack.of(this).formatArn({
      service: 'cognito-identity',
      resource: 'identitypool',
      resourceName: this.poolId,
    });
  }

  /**
   * With guests, an identity id and a session name open a queue, so the table must not contain the names. The id of a developer identity
   * opens nothing. The functions have the secret in their environment: reading it would make every cold start slower
   * (docs/adr/0017-session-names-from-a-secret.md).
   */
  #makeSecret(): Secret {
    return new Secret(this, 'SessionNameSecret', {
      description: "What the session names of browsers' keys are derived from, so that the table does not tell them",
      generateSecretString: { excludePunctuation: true, passwordLength: 64 },
    });
  }

  #makePool(name: string | undefined, isGuest: boolean): string {
    return new CfnIdentityPool(this, 'Pool', {
      ...(name !== undefined && { identityPoolName: name }),
      allowUnauthenticatedIdentities: isGuest,
      ...(!isGuest && { developerProviderName: developerProvider }),
      // GetOpenIdToken and AssumeRoleWithWebIdentity: keys of several hours, our own session name and session policy.
      allowClassicFlow: true,
    }).ref;
  }
}

const poolIds = (poolId: string, formerPoolIds: readonly string[]): string | string[] =>
  formerPoolIds.length === 0 ? poolId : [poolId, ...formerPoolIds];

/**
 * A browser is a principal of the account. Resource policies elsewhere may allow every principal of the account, and only an explicit
 * deny excludes browsers ("Policy evaluation logic" in the IAM user guide).
 */
const denyAllBut = (queueArns: readonly string[]): PolicyDocument =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({ effect: Effect.DENY, notActions: browserActions, resources: ['*'] }),
      new PolicyStatement({ effect: Effect.DENY, actions: browserActions, notResources: [...queueArns] }),
    ],
  });
