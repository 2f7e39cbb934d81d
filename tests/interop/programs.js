// The processes of the interop tests: the backend, C++ devices and published clients, each bounded in time and stopped by its pid.
'use strict';

const {spawn} = require('node:child_process');
const path = require('node:path');
const readline = require('node:readline');

const PATIENCE_MS = 120_000;

/** Resolves when `check` gives something truthy; looked at whenever `wake` is told of a change. */
class Watch {
  constructor() {
    this.waiting = new Set();
  }

  changed() {
    for (const look of [...this.waiting]) look();
  }

  until(what, check, detail = () => '') {
    return new Promise((resolve, reject) => {
      let poll;
      const done = (act, value) => {
        clearTimeout(limit);
        clearInterval(poll);
        this.waiting.delete(look);
        act(value);
      };
      const look = async () => {
        try {
          const value = await check();
          if (value) done(resolve, value);
        } catch (error) {
          done(reject, error);
        }
      };
      const limit = setTimeout(() => done(reject, new Error(`gave up waiting until ${what}${detail()}`)), PATIENCE_MS);
      poll = setInterval(look, 100); // For what nobody announces.
      this.waiting.add(look);
      look();
    });
  }
}

class Program {
  constructor(command, args) {
    this.lines = [];
    this.watch = new Watch();
    this.process = spawn(command, args, {stdio: ['pipe', 'pipe', 'inherit']});
    this.exited = new Promise((resolve) => this.process.once('exit', resolve));
    readline.createInterface({input: this.process.stdout}).on('line', (line) => {
      this.lines.push(line);
      this.watch.changed();
    });
  }

  line(what, check) {
    return this.watch.until(what, () => this.lines.find(check));
  }

  /** Ends what it reads; it leaves. */
  async end() {
    this.process.stdin.end();
    return this.exited;
  }

  async stop() {
    this.process.kill('SIGTERM');
    const limit = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    const code = await this.exited;
    clearTimeout(limit);
    return code;
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
  constructor(command, args) {
    this.program = new Program(command, args);
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

/** A published client (client.js): `options` has generation, schema, endpoint, apiKey; and perhaps only, onConflict. */
class Client extends Talker {
  constructor(options) {
    super(process.execPath, [path.join(__dirname, 'client.js'), JSON.stringify(options)]);
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

module.exports = {startBackend, Client, Device, Watch};
