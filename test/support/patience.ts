/** Settings with time for everything, for a test that is about a crowd and not about time: the machine may be busy. */
export const patient = {
  OPERATION_TIMEOUT_MS: '60000',
  BIRD_TIMEOUT_MS: '60000',
  EJENTO_TIMEOUT_MS: '60000',
  INSIGHTO_TIMEOUT_MS: '60000',
  ATOMS_TIMEOUT_MS: '60000',
};
