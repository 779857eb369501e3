// How a connection is secured and who logs in: which endpoint, whether its certificate may be believed, with which keys.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  crypto_utils,
  type EndpointDescription,
  InMemoryCertificateKeyPairProvider,
  InMemoryCertificateStore,
  MessageSecurityMode,
  OPCUAClient,
  type OPCUAClientOptions,
  SecurityPolicy,
  type UserIdentityInfo,
  UserTokenType,
} from "node-opcua";
import { fingerprintOf } from "../../machine/fingerprint.js";
import { isUnwritable, modeOpenToOthers } from "../../machine/whole-file.js";
import { type ErrorCode, PortcullisError } from "../../model/error.js";
import { type OpcuaDriverConfig, passwordVariable } from "../../model/wiring.js";
import { applicationUriOf, type OwnKeys, ownKeys } from "./own-keys.js";
import { passwordFile } from "./pki-folder.js";
import { judge, objectionTo, type WallNow } from "./trust.js";

export interface Access {
  /** Folder of the client's own keys, of the servers that it trusts, and of the password. */
  readonly pkiDir: string;
  /** Where the password is looked for when the folder has none. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Wall time and whether it may be believed; asked at the start of each connection. */
  wall(): { readonly ms: number; readonly isSet: boolean };
}

export interface Security {
  readonly options: OPCUAClientOptions;
  readonly identity: UserIdentityInfo;
  /** The server's certificate was believed without a look at its dates. */
  readonly areDatesUnchecked: boolean;
  /** Set once the server was rejected or revoked meanwhile; null as long as it was not, also with a disk that is gone. */
  objection(): string | null;
  /** Of the box's own certificate, for the technician at the server. */
  readonly ownFingerprint: string;
}

/** @throws PortcullisError with the code that says what is missing; other errors are of the connection. */
export async function secure(config: OpcuaDriverConfig, access: Access, base: OPCUAClientOptions): Promise<Security> {
  const isSecured = config.security.mode === "sign-and-encrypt";
  const wall = access.wall();
  const make = { driver: config.id, of: "application", wall: wall.ms } as const;
  // Without security the key proves nothing and needs no disk: bollards must close also when there is none.
  const keys = await storing(config, () => ownKeys(isSecured ? access.pkiDir : null, make));
  const plain: OPCUAClientOptions = {
    ...base,
    applicationUri: applicationUriOf(keys),
    certificateKeyPairProvider: providerOf(keys),
    clientCertificateManager: new InMemoryCertificateStore({ autoAcceptUnknown: false }),
  };
  const identity = await identityOf(config, access, wall.ms);
  const ownFingerprint = fingerprintOf(keys.certificate);
  const unsecured = { options: plain, identity, areDatesUnchecked: false, objection: () => null, ownFingerprint };
  if (!isSecured) return unsecured;
  const policy = SecurityPolicy[config.security.policy ?? "Basic256Sha256"];
  const { serverCertificate } = await discover(config, policy, plain);
  const now: WallNow = wall.isSet ? wall.ms : null;
  const { refusal, path } = judge(access.pkiDir, serverCertificate, now);
  if (refusal !== null) throw trouble(config, refusal.code, refusal.detail);
  const options = {
    ...plain,
    securityMode: MessageSecurityMode.SignAndEncrypt,
    securityPolicy: policy,
    serverCertificate,
  };
  const objection = () => objectionTo(access.pkiDir, serverCertificate, path);
  return { ...unsecured, options, areDatesUnchecked: now === null, objection };
}

function providerOf({ certificate, key }: OwnKeys): InMemoryCertificateKeyPairProvider {
  return new InMemoryCertificateKeyPairProvider([certificate.raw], crypto_utils.makePrivateKeyFromPem(key));
}

/** The endpoint as the server describes it; its address is not used, since servers announce names that only they know. */
async function discover(
  { endpoint, security }: OpcuaDriverConfig,
  policy: SecurityPolicy,
  options: OPCUAClientOptions,
): Promise<EndpointDescription> {
  const client = OPCUAClient.create(options);
  try {
    await client.connect(endpoint);
    const offered = await client.getEndpoints({ endpointUrl: endpoint });
    const found = offered.find(
      ({ securityMode, securityPolicyUri }) =>
        securityMode === MessageSecurityMode.SignAndEncrypt && securityPolicyUri === policy,
    );
    if (found !== undefined) return found;
    const names = offered.map(({ securityMode, securityPolicyUri }) => {
      return `${MessageSecurityMode[securityMode]} ${securityPolicyUri?.split("#").at(-1)}`;
    });
    const wanted = security.policy ?? "Basic256Sha256";
    throw new Error(`the server offers no SignAndEncrypt ${wanted}, only ${[...new Set(names)].join(", ")}`);
  } finally {
    await client.disconnect();
  }
}

async function identityOf(config: OpcuaDriverConfig, access: Access, wall: number): Promise<UserIdentityInfo> {
  const { user, userCertificate = false } = config.security;
  if (userCertificate) {
    const make = { driver: config.id, of: "user", wall, ...(user === undefined ? {} : { user }) } as const;
    const { certificate, key } = await storing(config, () => ownKeys(access.pkiDir, make));
    return { type: UserTokenType.Certificate, certificateData: certificate.raw, privateKey: key };
  }
  if (user === undefined) return { type: UserTokenType.Anonymous };
  return { type: UserTokenType.UserName, userName: user, password: passwordOf(config, access) };
}

function passwordOf(config: OpcuaDriverConfig, { pkiDir, env }: Access): string {
  const file = join(pkiDir, passwordFile);
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) {
    const mode = modeOpenToOthers(file);
    if (mode !== null) throw trouble(config, "field.secret-unusable", `${file} can be read by others (mode ${mode})`);
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  }
  const variable = passwordVariable("opcua", config.id);
  const given = env[variable];
  if (given !== undefined) return given;
  throw trouble(config, "field.secret-unusable", `neither ${file} nor ${variable} holds a password`);
}

async function storing<T>(config: OpcuaDriverConfig, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    const { code, path = "" } = error as NodeJS.ErrnoException;
    throw trouble(config, "field.keys-unwritable", `${path}: ${code}`, error);
  }
}

export function trouble(config: OpcuaDriverConfig, code: ErrorCode, detail: string, cause?: unknown): PortcullisError {
  return new PortcullisError({ code, place: config.endpoint, detail }, { cause });
}
