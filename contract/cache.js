// Written from the schema by `npm run schema`.

export const possibleTypes = {
  UpdateMeResult: ['UpdateMeSuccess', 'UpdateMeInvalid'],
  DeleteMeResult: ['DeleteMeAccepted'],
  LinkAccountResult: ['LinkAccountSuccess', 'LinkAccountInvalid'],
  UnlinkAccountResult: ['UnlinkAccountSuccess'],
};

export const typePolicies = {
  Billing: { merge: true },
  PlanCredits: { merge: true },
};

export const keys = {
  Billing: () => null,
  DeleteMeAccepted: () => null,
  FieldError: () => null,
  LinkAccountInvalid: () => null,
  LinkAccountSuccess: () => null,
  PlanCredits: () => null,
  UnlinkAccountSuccess: () => null,
  UpdateMeInvalid: () => null,
  UpdateMeSuccess: () => null,
};
