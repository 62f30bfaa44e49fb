import * as oidc from 'openid-client';
import { z } from 'zod';

export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly scope: string;
  /** The claim whose value is a person's login. */
  readonly personClaim: string;
  readonly redirectUri: string;
}

/** What goes to the provider and must come back. */
export interface Departure {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who came back: the claim's value, or why there is none. */
export type Arrival =
  | { readonly login: string }
  | { readonly login: null; readonly why: 'refused' | 'no_claim' | 'unverified' };

const Claims = z.looseObject({ sub: z.string() });

/** An OpenID Connect provider: authorization code with PKCE, state and nonce; tokens never reach the browser. */
export class Provider {
  readonly #settings: ProviderSettings;
  #configuration: Promise<oidc.Configuration> | null = null;

  constructor(settings: ProviderSettings) {
    this.#settings = settings;
  }

  /** @throws where the provider cannot be reached; asked again next time */
  async depart(locale: 'vi' | 'en'): Promise<Departure> {
    const configuration = await this.#discovered();
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const nonce = oidc.randomNonce();
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#settings.redirectUri,
      scope: this.#settings.scope,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ui_locales: locale,
    });
    return { url: url.href, state, nonce, verifier };
  }

  /** @throws where the answer does not belong to the departure, or its tokens do not verify */
  async arrive(query: string, departure: Omit<Departure, 'url'>): Promise<Arrival> {
    const url = new URL(this.#settings.redirectUri);
    url.search = query;
    if (url.searchParams.has('error')) return { login: null, why: 'refused' };
    const configuration = await this.#discovered();
    const tokens = await oidc.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: departure.verifier,
      expectedState: departure.state,
      expectedNonce: departure.nonce,
      idTokenExpected: true,
    });
    const idToken = Claims.parse(tokens.claims());
    const claim = this.#settings.personClaim;
    const claims = typeof idToken[claim] === 'string' ? idToken : await this.#userInfo(tokens, idToken.sub);
    return loginIn(claims, claim);
  }

  async #userInfo(tokens: { readonly access_token: string }, subject: string) {
    const configuration = await this.#discovered();
    return Claims.parse(await oidc.fetchUserInfo(configuration, tokens.access_token, subject));
  }

  async #discovered(): Promise<oidc.Configuration> {
    this.#configuration ??= this.#discover().catch((error: unknown) => {
      this.#configuration = null;
      throw error;
    });
    return await this.#configuration;
  }

  async #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const url = new URL(issuer);
    return await oidc.discovery(
      url,
      clientId,
      clientSecret,
      clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret),
      // Plain HTTP is refused in production where the configuration is parsed.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out; it is for trials
      url.protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {},
    );
  }
}

/** An e-mail address that nobody has verified is what anybody could have typed at the provider. */
function loginIn(claims: z.output<typeof Claims>, claim: string): Arrival {
  const login = claims[claim];
  if (typeof login !== 'string' || login === '') return { login: null, why: 'no_claim' };
  if (claim === 'email' && claims.email_verified !== true) return { login: null, why: 'unverified' };
  return { login };
}
