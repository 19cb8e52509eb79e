#!/usr/bin/env node
// The fixed prefix: what an agent program sends before the person has said anything of length. Bytes and tokens of the first request, tool by tool, ours and others'.
//
//   PEERS=FOLDER node bench/prefix.mjs [PROGRAM]      default: artifacts/bridle/Bridle.Cli
//
// FOLDER holds each other program in a subfolder, installed from npm: codex (@openai/codex), opencode (opencode-ai), gemini (@google/gemini-cli),
// pi (@mariozechner/pi-coding-agent), and tok (gpt-tokenizer). What is not there is left out; without tok, four bytes count as a token. A server on loopback
// answers every request with one word and keeps the first one that declares tools. Tokens are those of o200k_base for all, so that they compare; no vendor counts just so.
import { createServer } from 'node:http';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const peers = process.env.PEERS ?? '';
const program = resolve(process.argv[2] ?? join(root, 'artifacts/bridle/Bridle.Cli'));
const prompt = 'Do the task.';

let tokensOf = text => Math.round(Buffer.byteLength(text) / 4);
let counter = 'bytes / 4';
if (existsSync(join(peers, 'tok/node_modules/gpt-tokenizer'))) {
  const { countTokens } = createRequire(join(peers, 'tok/'))('gpt-tokenizer/cjs/encoding/o200k_base');
  [tokensOf, counter] = [text => countTokens(text, { allowedSpecial: 'all' }), 'o200k_base'];
}

const sse = lines => lines.map(line => `data: ${typeof line === 'string' ? line : JSON.stringify(line)}\n\n`).join('');
const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2, input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } };
const item = { type: 'message', id: 'm', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: 'Done.', annotations: [] }] };
const chunk = (delta, reason) => ({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'mock-model', choices: [{ index: 0, delta, finish_reason: reason }] });

function answer(path) {
  if (path.includes('/responses')) {
    return sse([
      { type: 'response.created', response: { id: 'r' } },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { id: 'r', status: 'completed', output: [item], usage } },
    ]);
  }
  if (path.includes('enerateContent')) {
    const whole = { candidates: [{ content: { role: 'model', parts: [{ text: 'Done.' }] }, finishReason: 'STOP', index: 0 }], usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 } };
    return path.includes('stream') ? sse([whole]) : JSON.stringify(whole);
  }
  return sse([chunk({ role: 'assistant', content: 'Done.' }, null), chunk({}, 'stop'), '[DONE]']);
}

/** The parts of a request, whichever of the protocols it speaks. */
function partsOf(body) {
  const functions = body.tools?.flatMap(tool => tool.functionDeclarations ?? [tool]) ?? [];
  const tools = functions.map(tool => ({ name: tool.function?.name ?? tool.name ?? tool.type, text: JSON.stringify(tool) }));
  const messages = body.messages ?? body.input ?? body.contents ?? [];
  const isSystem = message => message.role === 'system' || message.role === 'developer';
  const system = [body.instructions, body.system, body.systemInstruction, ...messages.filter(isSystem)].filter(Boolean).map(part => JSON.stringify(part)).join('');
  return { tools, system, rest: JSON.stringify(messages.filter(message => !isSystem(message))), api: body.contents ? 'gemini' : body.input ? 'responses' : 'chat' };
}

async function firstRequest(name, entry) {
  const place = mkdtempSync(join(tmpdir(), 'prefix-'));
  let first;
  const server = createServer((request, response) => {
    const pieces = [];
    request.on('data', piece => pieces.push(piece)).on('end', () => {
      const text = Buffer.concat(pieces).toString();
      if (!first && text.startsWith('{') && text.includes('"tools"')) first = text;
      const reply = answer(request.url);
      response.writeHead(200, { 'content-type': reply.startsWith('data:') ? 'text/event-stream' : 'application/json' }).end(reply);
    });
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  const fill = text => text.replaceAll('{base}', `http://127.0.0.1:${server.address().port}`).replaceAll('{home}', join(place, 'home'));
  mkdirSync(join(place, 'home'));
  mkdirSync(join(place, 'work'));
  for (const [file, content] of Object.entries(entry.files ?? {})) {
    mkdirSync(dirname(fill(file)), { recursive: true });
    writeFileSync(fill(file), fill(typeof content === 'string' ? content : JSON.stringify(content)));
  }
  const env = Object.fromEntries(Object.entries({ PATH: process.env.PATH, HOME: '{home}', LANG: 'C.UTF-8', ...entry.env }).map(([key, value]) => [key, fill(value)]));
  const child = spawn(entry.command[0], entry.command.slice(1), { cwd: join(place, 'work'), env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', piece => { errors += piece; });
  const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
  await new Promise(done => child.on('close', done).on('error', problem => { errors += problem; done(); }));
  clearTimeout(timer);
  server.closeAllConnections();
  server.close();
  rmSync(place, { recursive: true, force: true });
  if (!first) console.error(`${name} sent no request that declares tools: ${errors.slice(-500)}`);
  return first;
}

const openai = { OPENAI_API_KEY: 'x', OPENAI_BASE_URL: '{base}/v1' };
const bin = (peer, path) => join(peers, peer, 'node_modules', path);
const table = {
  bridle: { command: [program, 'run', '--model', 'openai/mock-model', prompt], env: openai },
  codex: {
    command: [bin('codex', '.bin/codex'), 'exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt], env: { MOCK_API_KEY: 'x' },
    files: { '{home}/.codex/config.toml': 'model = "mock-model"\nmodel_provider = "mock"\ncheck_for_update_on_startup = false\n[analytics]\nenabled = false\n[otel]\nexporter = "none"\n[model_providers.mock]\nname = "Mock"\nbase_url = "{base}/v1"\nenv_key = "MOCK_API_KEY"\nwire_api = "responses"\n' },
  },
  opencode: {
    command: [bin('opencode', 'opencode-ai/bin/opencode.exe'), 'run', prompt], env: { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1' },
    files: { '{home}/.config/opencode/opencode.json': { autoupdate: false, share: 'disabled', model: 'mock/mock-model', small_model: 'mock/mock-model', permission: 'allow', provider: { mock: { npm: '@ai-sdk/openai-compatible', name: 'Mock', options: { baseURL: '{base}/v1', apiKey: 'x' }, models: { 'mock-model': { name: 'Mock', limit: { context: 200000, output: 8192 } } } } } } },
  },
  gemini: {
    command: [bin('gemini', '.bin/gemini'), '-y', '-m', 'gemini-2.5-pro', '-p', prompt], env: { GEMINI_API_KEY: 'x', GOOGLE_GEMINI_BASE_URL: '{base}' },
    files: { '{home}/.gemini/settings.json': { security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } }, privacy: { usageStatisticsEnabled: false }, telemetry: { enabled: false }, general: { enableAutoUpdate: false, disableAutoUpdate: true } } },
  },
  pi: {
    command: [bin('pi', '.bin/pi'), '-p', '--provider', 'mock', '--model', 'mock-model', prompt], env: { PI_OFFLINE: '1', PI_TELEMETRY: '0', PI_SKIP_VERSION_CHECK: '1' },
    files: { '{home}/.pi/agent/models.json': { providers: { mock: { baseUrl: '{base}/v1', api: 'openai-completions', apiKey: 'x', models: [{ id: 'mock-model' }] } } } },
  },
};

const rows = [];
for (const [name, entry] of Object.entries(table)) {
  if (!existsSync(entry.command[0])) continue;
  const text = await firstRequest(name, entry);
  if (text) rows.push({ name, text, ...partsOf(JSON.parse(text)) });
}

const size = text => `${Buffer.byteLength(text)} (${tokensOf(text)})`;
console.log(`bytes (tokens, ${counter}) of the first request\n`);
console.log('| program | API | request | instructions | tools | of them | the rest of the conversation |\n|---|---|---|---|---|---|---|');
for (const row of rows) {
  console.log(`| ${row.name} | ${row.api} | ${size(row.text)} | ${size(row.system)} | ${size(row.tools.map(tool => tool.text).join(''))} | ${row.tools.length} | ${size(row.rest)} |`);
}
for (const row of rows) {
  console.log(`\n${row.name}: ${row.tools.map(tool => `${tool.name} ${size(tool.text)}`).join(', ')}`);
}
