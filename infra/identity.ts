import { Duration, Stack } from 'aws-cdk-lib';
import { CfnIdentityPool } from 'aws-cdk-lib/aws-cognito';
import { FederatedPrincipal, Grant, Role, type CfnRole, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface IdentityProps {
  /** How long the browser's keys may live. */
  readonly keyHours: number;
  /** The name of the pool the stack makes. */
  readonly poolName: string;
  /** A pool to use instead of making one. */
  readonly existingPoolId?: string | undefined;
}

/** The guests' identity pool and the role their keys belong to. */
export class Identity extends Construct {
  readonly poolId: string;
  /** False when the pool was given: then identities in it may be somebody else's. */
  readonly poolOwned: boolean;
  readonly browserRole: Role;

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id);
    this.poolOwned = props.existingPoolId === undefined;
    this.poolId = props.existingPoolId ?? this.#makePool(props.poolName);
    // No permissions, and not attached to the pool: what a browser may do is in the session policy its keys were issued
    // with and in its queue's policy, and Cognito's own GetCredentialsForIdentity gets nobody anything.
    this.browserRole = new Role(this, 'BrowserRole', {
      description: 'What browsers act as; a session policy and a queue policy give each its one queue',
      maxSessionDuration: Duration.hours(props.keyHours),
      assumedBy: new FederatedPrincipal(
        'cognito-identity.amazonaws.com',
        {
          StringEquals: { 'cognito-identity.amazonaws.com:aud': this.poolId },
          'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' },
        },
        'sts:AssumeRoleWithWebIdentity',
      ),
    });
  }

  /** The first half of aws:userid in every session of the browser role. */
  get browserRoleId(): string {
    return (this.browserRole.node.defaultChild as CfnRole).attrRoleId;
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
    const pool = Stack.of(this).formatArn({
      service: 'cognito-identity',
      resource: 'identitypool',
      resourceName: this.poolId,
    });
    return Grant.addToPrincipal({ grantee, actions: ['cognito-identity:ListIdentities'], resourceArns: [pool] });
  }

  #makePool(name: string): string {
    return new CfnIdentityPool(this, 'Pool', {
      identityPoolName: name,
      allowUnauthenticatedIdentities: true,
      // GetOpenIdToken and AssumeRoleWithWebIdentity: keys of several hours, our own session name and session policy.
      allowClassicFlow: true,
    }).ref;
  }
}
