import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ada, grace, numbered } from '../simulators/index.ts';
import { fickleClient } from '../support/fickle-client.ts';
import { startSubgraph, type Subgraph } from '../support/subgraph.ts';

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph();
});
afterAll(() => subgraph.stop());
beforeEach(() => subgraph.reset());

const UPDATE = `mutation ($input: UpdateMeInput!) {
  updateMe(input: $input) {
    __typename
    ... on UpdateMeSuccess { user { id name bio timezone updatedAt organization { name } } }
    ... on UpdateMeInvalid { fieldErrors { field message } }
  }
}`;
const update = (input: Record<string, unknown>, as: string | undefined = 'demo-ada') =>
  subgraph.ask(UPDATE, { ...(as && { as }), variables: { input } });

describe('updateMe', () => {
  it('sends one PATCH with the given fields alone, and answers with the fresh person', async () => {
    const { data, errors } = await update({ bio: 'Countess', timezone: 'Europe/London' });
    expect(errors).toEqual([]);
    expect(data.updateMe).toMatchObject({
      __typename: 'UpdateMeSuccess',
      user: {
        name: 'Ada Lovelace',
        bio: 'Countess',
        timezone: 'Europe/London',
        organization: { name: expect.any(String) },
      },
    });
    expect(subgraph.bird.requests).toMatchObject([
      { method: 'PATCH', path: '/me', body: '{"bio":"Countess","timezone":"Europe/London"}' },
    ]);
    expect(subgraph.bird.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer demo-ada',
      'content-type': 'application/json',
    });
  });

  const unset = { name: null, bio: null, avatarUrl: null, locale: null, timezone: null };
  it.each([
    { name: 'Ada' },
    { bio: 'Countess' },
    { bio: '' },
    { avatarUrl: 'https://pictures.example/ada.png' },
    { locale: 'en-GB', timezone: 'Europe/London' },
  ])('takes null for left out, which is what many generators send: only %o arrives', async (given) => {
    const { data, errors } = await update({ ...unset, ...given });
    expect(errors).toEqual([]);
    expect(data.updateMe.__typename).toBe('UpdateMeSuccess');
    expect(JSON.parse(subgraph.bird.requests[0]?.body ?? '')).toEqual(given);
  });

  it('that Bird answers about somebody else shows nobody, and says that its outcome is unknown', async () => {
    await subgraph.ask('{ me { id } }', { as: 'demo-ada' });
    subgraph.bird.answers(200, { path: /^\/me$/, body: subgraph.bird.user(grace), times: 1 });
    const { data, errors } = await update({ name: 'Augusta' });
    expect(data.updateMe).toBeNull();
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('It is not known whether the change was made'),
        extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'bird', retryable: false },
      },
    ]);
    const after = await subgraph.ask('{ me { id name } }', { as: 'demo-ada' });
    expect(after.data.me).toEqual({ id: ada.userId, name: 'Ada Lovelace' });
  });

  it('is seen by the next query', async () => {
    await update({ name: 'Augusta Ada King' });
    const { data } = await subgraph.ask(`{ me { name } }`, { as: 'demo-ada' });
    expect(data.me.name).toBe('Augusta Ada King');
  });

  it('is seen by the next query even while an older one is under way, whose read it does not join', async () => {
    subgraph.bird.neverAnswers({ path: /^\/me$/, times: 1 });
    const older = fickleClient(subgraph.url, '{ me { name } }', 'demo-ada');
    await subgraph.bird.until(() => subgraph.bird.received === 1);
    await update({ name: 'Augusta Ada King' });
    const { data } = await subgraph.ask(`{ me { name } }`, { as: 'demo-ada' });
    expect(data.me).toEqual({ name: 'Augusta Ada King' });
    expect(subgraph.bird.lines()).toEqual(['GET /me', 'PATCH /me', 'GET /me']);
    await older.goes();
  });

  it.each([
    ['name', 'A name cannot be blank.', { name: '  ' }],
    ['name', 'A name needs at least one character that can be seen.', { name: '\u200b\u2060' }],
    ['name', 'A name has no line breaks and no control characters in it.', { name: 'Ada\u0000' }],
    ['name', 'There is half of a character in it: type it anew.', { name: 'Ada \ud83d' }],
    ['bio', 'A bio has no control characters in it but tabs and line breaks.', { bio: 'a\u0000b' }],
    ['bio', 'There is half of a character in it: type it anew.', { bio: '\ude00' }],
    [
      'avatarUrl',
      'An avatar address has no user name and no password in it.',
      { avatarUrl: 'https://example.com@elsewhere.example/a.png' },
    ],
    [
      'avatarUrl',
      'An avatar address has no white space, no backslash and no invisible characters in it.',
      { avatarUrl: 'https:\\\\example.com\\a.png' },
    ],
    ['locale', 'A locale is a BCP 47 language tag, such as en-GB.', { locale: 'english' }],
    ['timezone', 'A time zone is an IANA name, such as Europe/Amsterdam.', { timezone: 'BST' }],
    [
      'timezone',
      `A time zone is an IANA name, such as Europe/Amsterdam. This one is not in the version of the names that this server has (${process.versions['tz']}).`,
      { timezone: 'Europe/Atlantis' },
    ],
    ['name', 'At most 200 characters; this has 201.', { name: 'x'.repeat(201) }],
    ['bio', 'At most 5,000 characters; this has 5,001.', { bio: 'x'.repeat(5_001) }],
    ['avatarUrl', 'An avatar is an absolute http or https URL.', { avatarUrl: 'javascript:alert(1)' }],
    ['avatarUrl', 'An avatar is an absolute http or https URL.', { avatarUrl: '/me.png' }],
    ['locale', 'A locale is a BCP 47 language tag, such as en-GB.', { locale: 'english please' }],
    ['locale', 'A locale is a BCP 47 language tag, such as en-GB.', { locale: '' }],
    ['timezone', 'A time zone is an IANA name, such as Europe/Amsterdam.', { timezone: 'Mars/Olympus' }],
    ['timezone', 'A time zone is an IANA name, such as Europe/Amsterdam.', { timezone: '+01:00' }],
    ['input', 'Nothing to change: give at least one field.', {}],
    ['input', 'Nothing to change: give at least one field.', { name: null, bio: null }],
  ])('refuses before anything is sent: %#. %s', async (field, message, input) => {
    const { data, errors } = await update(input);
    expect(errors).toEqual([]);
    expect(data.updateMe).toEqual({ __typename: 'UpdateMeInvalid', fieldErrors: [{ field, message }] });
    expect(subgraph.bird.requests).toEqual([]);
  });

  it('sends a zone as it is registered, a locale in the customary case and an address as browsers have it', async () => {
    const { errors } = await update({
      timezone: 'us/PACIFIC',
      locale: 'SR-latn-rs',
      avatarUrl: 'HTTPS://Example.COM:443/a/../ada lovelace.png'.replace(' ', '%20'),
    });
    expect(errors).toEqual([]);
    expect(JSON.parse(subgraph.bird.requests[0]?.body ?? '')).toEqual({
      timezone: 'US/Pacific',
      locale: 'sr-Latn-RS',
      avatarUrl: 'https://example.com/ada%20lovelace.png',
    });
  });

  it('counts the characters of an address as it is sent', async () => {
    const { data } = await update({ avatarUrl: `https://example.com/${'é'.repeat(1_000)}` });
    expect(data.updateMe.fieldErrors).toEqual([
      { field: 'avatarUrl', message: 'At most 2,048 characters; this has 6,020.' },
    ]);
  });

  it.each([
    ['name', 200],
    ['bio', 5_000],
  ])('counts an emoji of a %s as one of %d characters', async (field, most) => {
    const { data, errors } = await update({ [field]: '\u{1f600}'.repeat(most + 1) });
    expect(errors).toEqual([]);
    const [least, more] = [most, most + 1].map((count) => count.toLocaleString('en'));
    expect(data.updateMe.fieldErrors).toEqual([
      { field, message: `At most ${least} characters; this has ${more}.` },
    ]);
    expect(subgraph.bird.requests).toEqual([]);
    await update({ [field]: '\u{1f600}'.repeat(most) });
    expect(subgraph.bird.lines()).toEqual(['PATCH /me']);
  });

  it('names every wrong field at once', async () => {
    const { data } = await update({ name: '', locale: '?', bio: 'fine' });
    expect(data.updateMe.fieldErrors.map(({ field }: { field: string }) => field)).toEqual([
      'name',
      'locale',
    ]);
  });

  it("passes Bird's own reasons on, field by field", async () => {
    const { data, errors } = await update({ name: 'Rejected By Bird' });
    expect(errors).toEqual([]);
    expect(data.updateMe).toEqual({
      __typename: 'UpdateMeInvalid',
      fieldErrors: [{ field: 'name', message: expect.any(String) }],
    });
  });

  it('tells what Bird finds wrong with anything but these fields as being about the input', async () => {
    const details = { '.name': ['is not allowed'], '.workspace.quota': ['is used up'], '': ['is odd'] };
    subgraph.bird.answers(422, { body: { code: 'InvalidPayload', details } });
    const { data } = await update({ name: 'Ada' });
    expect(data.updateMe.fieldErrors).toEqual([
      { field: 'name', message: 'is not allowed' },
      { field: 'input', message: 'is used up' },
      { field: 'input', message: 'is odd' },
    ]);
  });

  it('reads the reasons of Bird’s newer platform, and whatever else may stand there', async () => {
    const asked = async (details: unknown) => {
      await subgraph.bird.recovers();
      subgraph.bird.answers(422, { body: { code: 'InvalidPayload', details } });
      const { data, errors } = await update({ name: 'Ada' });
      expect(errors).toEqual([]);
      return data.updateMe.fieldErrors;
    };
    const listed = [{ param: 'name', message: 'is not allowed' }, { message: 'is odd' }, 7, null];
    expect(await asked(listed)).toEqual([
      { field: 'name', message: 'is not allowed' },
      { field: 'input', message: 'is odd' },
    ]);
    expect(await asked({ '.name': 'is not allowed' })).toEqual([
      { field: 'name', message: 'is not allowed' },
    ]);
    const none = [{ field: 'input', message: 'Bird did not accept this change and gave no reason.' }];
    for (const details of [null, 7, 'no', [], {}, { '.name': 7 }, { '.name': [{}, ''] }])
      expect(await asked(details)).toEqual(none);
  });

  it('passes on no half of a character where a reason of Bird’s is cut', async () => {
    const reason = `${'x'.repeat(199)}\u{1f600}`;
    subgraph.bird.answers(422, { body: { code: 'InvalidPayload', details: { '.name': [reason] } } });
    const { data } = await update({ name: 'Ada' });
    const [{ message }] = data.updateMe.fieldErrors;
    expect(message).toBe(`${'x'.repeat(199)}\ufffd`);
  });

  it('needs a login', async () => {
    for (const as of ['', 'stolen']) {
      const { data, errors } = await update({ name: 'Mallory' }, as);
      expect(data.updateMe).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    }
  });

  it('ends what is remembered of a token that Bird does not take any more', async () => {
    const { token } = numbered(1060); // of nobody else: a refusal is remembered
    const isKnown = () => subgraph.ask('{ me { ejentoUserId } }', { as: token });
    expect((await isKnown()).errors).toEqual([]);
    subgraph.bird.isUnauthorized();
    expect((await isKnown()).errors).toEqual([]); // remembered
    expect((await update({ bio: '-' }, token)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect((await isKnown()).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('says that the outcome is unknown when Bird breaks off, and asks once', async () => {
    subgraph.bird.resetsAfter();
    const { data, errors } = await update({ name: 'Ada' });
    expect(data.updateMe).toBeNull();
    expect(errors).toMatchObject([
      { extensions: { code: 'PROVIDER_UNAVAILABLE', provider: 'bird', retryable: false } },
    ]);
    expect(errors[0]?.message).toContain('not known whether');
    expect(subgraph.bird.requests.length).toBe(1);
  });
});
