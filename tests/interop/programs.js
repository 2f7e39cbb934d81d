// The C++ processes of the interop tests: the backend and a device, each bounded in time and stopped by its pid.
'use strict';

const {spawn} = require('node:child_process');
const readline = require('node:readline');

const PATIENCE_MS = 30_000;

/** Resolves when `check` gives something truthy; looked at whenever `wake` is told of a change. */
class Watch {
  constructor() {
    this.waiting = new Set();
  }

  changed() {
    for (const look of [...this.waiting]) look();
  }

  until(what, check) {
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
      const limit = setTimeout(() => done(reject, new Error(`gave up waiting until ${what}`)), PATIENCE_MS);
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

  async stop() {
    this.process.kill('SIGTERM');
    const limit = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    const code = await this.exited;
    clearTimeout(limit);
    return code;
  }
}

/** `holdfast serve` on a free port. */
async function startBackend(bin, options) {
  const program = new Program(`${bin}/holdfast`, ['serve', '--schema', options.schema, '--data', options.data,
    '--port', String(options.port ?? 0), '--api-key', options.apiKey]);
  const ready = await program.line('the backend is ready', (line) => line.startsWith('ready '));
  return {program, endpoint: ready.slice('ready '.length), stop: () => program.stop()};
}

/** A C++ device process that obeys JSON lines. */
class Device {
  constructor(bin, options) {
    this.program = new Program(`${bin}/test_device`, ['--schema', options.schema, '--path', options.path,
      '--endpoint', options.endpoint, '--key', options.apiKey]);
    this.count = 0;
    this.messages = []; // The program's lines, parsed once each.
  }

  until(what, check) {
    return this.program.watch.until(what, () => {
      const {lines} = this.program;
      while (this.messages.length < lines.length) this.messages.push(JSON.parse(lines[this.messages.length]));
      return this.messages.findLast(check);
    });
  }

  async ask(command) {
    const n = ++this.count;
    this.program.process.stdin.write(JSON.stringify({...command, n}) + '\n');
    const answer = await this.until(`the device answers ${JSON.stringify(command)}`, (message) => message.n === n);
    if (answer.error) throw new Error(`${JSON.stringify(command)}: ${answer.error.message}`);
    return answer.ok;
  }

  eventually(what, command, check) {
    return this.program.watch.until(what, async () => {
      const answer = await this.ask(command);
      return check(answer) ? {answer} : undefined;
    }).then((found) => found.answer);
  }

  /** Ends the conversation; the device closes its store and leaves. */
  async stop() {
    this.program.process.stdin.end();
    return this.program.exited;
  }
}

module.exports = {startBackend, Device, Watch};
