import { DecodeError, type Decode, fields } from '../../http/decode.ts';

/** `data.organization` of Get User. */
const organization = fields((from) => ({
  id: from.id('id'),
  name: from.text('org_name'),
  domain: from.text('domain'),
  logoUrl: from.text('org_logo_url'),
  iconUrl: from.text('org_icon_url'),
  isDeleted: from.boolean('is_deleted'),
  createdBy: from.text('created_by'),
  createdAt: from.time('created_on'),
  modifiedBy: from.text('modified_by'),
  modifiedAt: from.time('modified_on'),
}));

const user = fields((from) => ({
  account: {
    id: from.id('id'),
    email: from.text('email'),
    firstName: from.text('first_name'),
    lastName: from.text('last_name'),
    isStaff: from.boolean('is_staff'),
    isSuperuser: from.boolean('is_superuser'),
    isActive: from.boolean('is_active'),
    joinedAt: from.time('date_joined'),
  },
  organization: from.optional('organization', organization),
}));

/** An Ejento user: the account and the organization it belongs to, if any. */
export type EjentoUser = ReturnType<typeof user>;
export type EjentoAccount = EjentoUser['account'];
export type EjentoOrganization = ReturnType<typeof organization>;

/**
 * A 404 in Ejento's own envelope, `{success: false, message}`. Whatever stands in front, or has taken the place of a
 * retired API, has one too: it says nothing of anybody.
 */
export const nobody: Decode<null> = fields((from) => {
  if (!from.isFalse('success')) throw new DecodeError('success', 'false, as in a 404 of Ejento itself');
  return null;
});

/** `GET /v2/api/user/{id}`: `{success, message, data}`; `success: false` is a failure whatever the status says. */
export const userAnswer: Decode<EjentoUser> = fields((from) => {
  if (from.isFalse('success')) throw new DecodeError('success', 'true');
  return from.required('data', user);
});
