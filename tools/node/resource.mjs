// A Gen 2 resource.ts becomes annotated GraphQL: the file is bundled, evaluated with the published DSL, and what it
// gives to defineData (or exports) is transformed.
import { build } from 'esbuild';
import { realpathSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { reading } from './resource_schema.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const standIns = {
  name: 'holdfast',
  setup(bundler) {
    bundler.onResolve({ filter: /^@aws-amplify\/(backend|data-schema)(-[\w-]+)?(\/.*)?$/ }, (wanted) => {
      if (wanted.pluginData === standIns) return undefined;
      if (!wanted.path.startsWith('@aws-amplify/data-schema')) return { path: join(here, 'backend.cjs') };
      // One copy of the DSL for all who import it: its parts know each other by identity.
      return bundler.resolve(wanted.path, { kind: 'import-statement', resolveDir: here, pluginData: standIns });
    });
  },
};

/// As the user would name it: the path given for the file itself, others from the working folder.
function shownName(path, entry, given) {
  return path === entry ? given : relative(process.cwd(), path);
}

async function bundled(entry, outfile) {
  const made = await build({
    entryPoints: [entry],
    outfile,
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node18',
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'silent',
    absWorkingDir: process.cwd(),
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(entry).href),
      'import.meta.filename': JSON.stringify(entry),
      'import.meta.dirname': JSON.stringify(dirname(entry)),
    },
    banner: { js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);" },
    plugins: [standIns],
  });
  return made.outputFiles[0].text;
}

function bundlingProblems(error, entry, given) {
  return error.errors.map(({ text, location, notes }) => ({
    message: text,
    ...(location
      ? { file: shownName(realpathSync(location.file), entry, given), line: location.line, column: location.column + 1 }
      : { file: given }),
    remedy: /^Could not resolve "[^./]/.test(text) ? 'Install the package in your project' : notes[0]?.text ?? '',
  }));
}

/// The topmost line of the user's own files that the error passed through.
function placeOf(error, entry, given) {
  for (const line of String(error?.stack ?? '').split('\n')) {
    const [, path, row, column] = /\(?((?:file:\/\/)?\/[^()]+):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (!path || path.includes('node_modules') || path.includes('resource.mjs')) continue;
    const file = path.startsWith('file:') ? fileURLToPath(path) : path;
    if (!file.startsWith(here)) return { file: shownName(file, entry, given), line: Number(row), column: Number(column) };
  }
  return { file: given };
}

/// What was thrown while the file was evaluated, at once or later, as {problems}.
export function explained(error, { path }) {
  const entry = realpathSync(path);
  if (error?.errors?.[0]?.text) return { problems: bundlingProblems(error, entry, path) };
  const place = placeOf(error, entry, path);
  const isNamed = error?.name && error.name !== 'Error';
  return {
    problems: [{
      ...place,
      message: error?.message ? (isNamed ? `${error.name}: ` : '') + error.message : String(error),
      remedy: place.line || !(error instanceof Error)
        ? 'This was thrown while the file was evaluated, as `npx ampx` evaluates it'
        : 'The published @aws-amplify/data-schema says this of the schema that the file defines',
    }],
  };
}

/// {path, scratch} → {sdl, modes, notices}; `scratch` is a folder that the caller removes.
export default async function resource({ path, scratch }) {
  const outfile = join(scratch, 'resource.bundle.mjs');
  await writeFile(outfile, await bundled(realpathSync(path), outfile));
  process.setSourceMapsEnabled(true);
  const exported = await import(pathToFileURL(outfile).href);
  await new Promise(setImmediate); // Promises that the file broke come forward before it is believed.
  return reading(exported, globalThis[Symbol.for('holdfast.data')] ?? [], path);
}
