// What the stories stand on: waiting for programs, and their end.
'use strict';

const assert = require('node:assert');
const {spawnSync} = require('node:child_process');
const path = require('node:path');
const {test} = require('node:test');

const {Talker} = require('./programs.js');

const programs = JSON.stringify(path.join(__dirname, 'programs.js'));
const talkTo = (script) => new Talker(process.execPath, ['-e', script]);

test('who waits for a program that has ended is told so at once', {timeout: 60_000}, async () => {
  const talker = talkTo('process.exit(3)');
  await assert.rejects(talker.ask({do: 'anything'}), /the answer to .*: .* ended with 3/);
  await assert.rejects(talker.until('it says more', () => false), /ended with 3/);
});

test('what a program said before its end is still heard', {timeout: 60_000}, async () => {
  const talker = talkTo('process.stdin.on("data", () => process.exit()); console.log(JSON.stringify({last: true}))');
  await talker.stop();
  assert.deepStrictEqual(await talker.until('its last words', ({last}) => last), {last: true});
});

test('a question is not asked again before it is answered', {timeout: 60_000}, async () => {
  // Slower than whoever waits looks again, and saying other things meanwhile.
  const talker = talkTo(`
    let open = 0, most = 0, count = 0;
    require('node:readline').createInterface({input: process.stdin}).on('line', (line) => {
      most = Math.max(most, ++open);
      console.log('{"noise": 1}');
      setTimeout(() => { --open; console.log(JSON.stringify({n: JSON.parse(line).n, ok: {most, count: ++count}})); }, 250);
    });`);
  const {most} = await talker.eventually('three answers', {do: 'count'}, ({count}) => count === 3);
  assert.strictEqual(most, 1);
  await talker.stop();
});

for (const end of ['process.exit(0)', 'throw new Error("a test that breaks")', 'process.kill(process.pid, "SIGTERM")']) {
  test(`nothing outlives tests that end by ${end}`, {timeout: 60_000}, () => {
    // The program has the standard error of the tests, which is read until everybody has closed it.
    const tests = `const {Talker} = require(${programs});
      const talker = new Talker(process.execPath, ['-e', 'console.log("{}"); setInterval(() => {}, 1000)']);
      talker.until('it is there', () => true).then(() => { ${end} });`;
    const {error} = spawnSync(process.execPath, ['-e', tests], {timeout: 20_000});
    assert.strictEqual(error, undefined);
  });
}
