// The processes of the interop tests: the backend, C++ devices and published clients, each bounded in time and stopped by its pid.
'use strict';

const {spawn} = require('node:child_process');
const path = require('node:path');
const readline = require('node:readline');

const PATIENCE_MS = 120_000;
const STOP_PATIENCE_MS = 30_000;

// However the tests end, nothing that they started outlives them.
const running = new Set();
process.once('exit', () => { for (const each of running) each.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** Resolves when `check` gives something truthy; looked at on every change, until it has ended. */
class Watch {
  constructor() {
    this.waiting = new Set();
  }

  changed() {
    for (const {look} of [...this.waiting]) look();
  }

  /** No change will come any more: who still waits is told why. */
  ended(reason) {
    this.reason = reason;
    for (const {look, giveUp} of [...this.waiting]) Promise.resolve(look()).then(() => giveUp(reason));
  }

  until(what, check, detail = () => '') {
    return new Promise((resolve, reject) => {
      let poll;
      let isAsking = false;
      const done = (act, value) => {
        clearTimeout(limit);
        clearInterval(poll);
        this.waiting.delete(waiter);
        act(value);
      };
      const giveUp = (why) => done(reject, new Error(`gave up waiting until ${what}: ${why}${detail()}`));
      const look = async () => {
        // A check that asks is not begun again before it is answered: the answer is a change, too.
        if (isAsking) return;
        try {
          let value = check();
          if (value instanceof Promise) {
            isAsking = true;
            value = await value;
          }
          if (value) done(resolve, value);
        } catch (error) {
          done(reject, error);
        } finally {
          isAsking = false;
        }
      };
      const waiter = {look, giveUp};
      const limit = setTimeout(() => giveUp(`${PATIENCE_MS} ms are over`), PATIENCE_MS);
      poll = setInterval(look, 100); // For what nobody announces.
      this.waiting.add(waiter);
      if (this.reason) this.ended(this.reason);
      else look();
    });
  }
}

class Program {
  constructor(command, args, environment = {}) {
    this.lines = [];
    this.watch = new Watch();
    this.process = spawn(command, args, {stdio: ['pipe', 'pipe', 'inherit'], env: {...process.env, ...environment}});
    running.add(this.process);
    this.process.stdin.on('error', () => {}); // It has ended, which is told below.
    this.exited = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.once('close', (code, signal) => {
      running.delete(this.process);
      this.watch.ended(`${command} ended with ${signal ?? code}`);
    });
    readline.createInterface({input: this.process.stdout}).on('line', (line) => {
      this.lines.push(line);
      this.watch.changed();
    });
  }

  line(what, check) {
    return this.watch.until(what, () => this.lines.find(check));
  }

  /** Its exit code, once it has left; it is killed when it does not. */
  async left() {
    const limit = setTimeout(() => this.process.kill('SIGKILL'), STOP_PATIENCE_MS);
    const code = await this.exited;
    clearTimeout(limit);
    return code;
  }

  /** Ends what it reads; it leaves. */
  end() {
    this.process.stdin.end();
    return this.left();
  }

  stop() {
    this.process.kill('SIGTERM');
    return this.left();
  }
}

/** `holdfast serve` on a free port, or on the socket of a supervisor that starts it anew when asked. */
async function startBackend(bin, options) {
  const command = [`${bin}/holdfast`, 'serve', '--schema', options.schema, '--data', options.data, '--api-key', options.apiKey,
    '--conflict', options.conflict ?? 'automerge', ...(options.more ?? [])];
  const program = options.isSupervised
    ? new Program('python3', [path.join(__dirname, 'supervisor.py'), ...command])
    : new Program(command[0], [...command.slice(1), '--port', String(options.port ?? 0)]);
  const ready = await program.line('the backend is ready', (line) => line.startsWith('ready '));
  return {
    endpoint: ready.slice('ready '.length),
    replace: () => program.process.stdin.write('again\n'),
    stop: () => options.isSupervised ? program.end() : program.stop(),
  };
}

/** A process that obeys JSON lines: `{do, …, n}` in; `{n, ok}` or `{n, error}`, and what happens meanwhile, out. */
class Talker {
  constructor(command, args, environment) {
    this.program = new Program(command, args, environment);
    this.count = 0;
    this.messages = []; // The program's lines, parsed once each.
  }

  /** Where the conversation stands: what is said later is `from` here on. */
  now() {
    const {lines} = this.program;
    while (this.messages.length < lines.length) this.messages.push(JSON.parse(lines[this.messages.length]));
    return this.messages.length;
  }

  until(what, check, from = 0) {
    return this.program.watch.until(what, () => {
      this.now();
      return this.messages.findLast((message, at) => at >= from && check(message));
    });
  }

  /** Gives a command and does not wait for the answer. Returns the number that the answer will have. */
  tell(command) {
    const n = ++this.count;
    this.program.process.stdin.write(JSON.stringify({...command, n}) + '\n');
    return n;
  }

  async ask(command) {
    const n = this.tell(command);
    const answer = await this.until(`the answer to ${JSON.stringify(command).slice(0, 200)}`, (message) => message.n === n);
    if (answer.error) throw new Error(`${JSON.stringify(command)}: ${answer.error.message}`);
    return answer.ok;
  }

  eventually(what, command, check) {
    let last;
    return this.program.watch.until(what, async () => {
      last = await this.ask(command);
      return check(last) ? {last} : undefined;
    }, () => `; the last answer was ${JSON.stringify(last)}`).then((found) => found.last);
  }

  /** Ends the conversation; the program leaves. */
  stop() {
    return this.program.end();
  }
}

/** A C++ device. */
class Device extends Talker {
  constructor(bin, options) {
    super(`${bin}/test_device`, ['--schema', options.schema, '--path', options.path,
      '--endpoint', options.endpoint, '--key', options.apiKey]);
  }
}

/** A published client (client.js): `options` has generation, schema, pulled; and perhaps only, onConflict, environment. */
class Client extends Talker {
  constructor({environment, ...options}) {
    super(process.execPath, [path.join(__dirname, 'client.js'), JSON.stringify(options)], environment);
  }

  /** Starts DataStore and waits until it is ready. */
  async start() {
    const from = this.now();
    await this.ask({do: 'start'});
    await this.event('ready', from);
    return this;
  }

  event(name, from = 0) {
    return this.until(`the Hub tells ${name}`, (message) => message.event === name, from);
  }

  get(model, ...key) {
    return this.ask({do: 'get', model, key});
  }

  save(model, fields) {
    return this.ask({do: 'save', model, fields});
  }

  edit(model, key, fields, condition) {
    return this.ask({do: 'edit', model, key: [key].flat(), fields, condition});
  }

  /** Waits until the client holds the record as `check` wants it. */
  holds(what, model, key, check) {
    return this.eventually(what, {do: 'get', model, key: [key].flat()}, check);
  }
}

module.exports = {startBackend, Client, Device, Talker, Watch};
