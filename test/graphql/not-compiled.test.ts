import { expect, test, vi } from 'vitest';
import { openFrontDoor } from '../server/front-door.ts';

vi.mock('graphql-jit', () => ({
  compileQuery() {
    throw new Error('cannot be done');
  },
}));

test('a query that cannot be compiled is answered all the same, and the log says so once', async () => {
  const door = await openFrontDoor();
  for (let time = 0; time < 4; time++) {
    const { status, body } = await door.ask('{ tree { id } }');
    expect({ status, body }).toEqual({ status: 200, body: { data: { tree: { id: '1' } } } });
  }
  expect(door.log.filter((line) => line.includes('cannot be compiled'))).toHaveLength(1);
});
