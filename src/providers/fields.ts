import * as atoms from './atoms/fields.ts';
import * as bird from './bird/fields.ts';
import * as ejento from './ejento/fields.ts';
import * as insighto from './insighto/fields.ts';
import { linkable, type ProviderName } from './registry.ts';

/** What each provider adds to `User`. */
const userFields = {
  bird: bird.User,
  ejento: ejento.User,
  insighto: insighto.User,
  atoms: atoms.User,
} satisfies Record<ProviderName, object>;

/** What each provider adds to the graph. */
export const fields = {
  User: { ...userFields.bird, ...userFields.ejento, ...userFields.insighto, ...userFields.atoms },
  Organization: ejento.Organization,
  Billing: insighto.Billing,
  AtomsAccount: atoms.AtomsAccount,
};

/** At which provider somebody must have an account for a field of `User`; a field that needs none is absent. */
export const accountFor: ReadonlyMap<string, ProviderName> = new Map(
  (Object.entries(userFields) as [ProviderName, object][])
    .filter(([name]) => name in linkable)
    .flatMap(([name, added]) => Object.keys(added).map((field) => [field, name])),
);
