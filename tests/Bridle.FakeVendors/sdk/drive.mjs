// Carries one tool task out with a vendor's own client, whole and streamed, and then sends what the vendor refuses.
// Usage: node drive.mjs API URL        Prints one line of JSON.
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';

const [api, url] = process.argv.slice(2);
const schema = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] };
const ask = 'Read a.txt and b.txt.';
const read = (input) => `content of ${input.path}`;

const drivers = {
  anthropic() {
    const client = new Anthropic({ apiKey: 'key', baseURL: url, maxRetries: 0 });
    const tools = [{ name: 'Read', description: 'Reads a file.', input_schema: schema }];
    const send = (messages, stream) => {
      const body = { model: 'claude-test', max_tokens: 1000, tools, messages };
      return stream ? client.messages.stream(body).finalMessage() : client.messages.create(body);
    };
    return {
      async task(stream) {
        const messages = [{ role: 'user', content: ask }];
        for (;;) {
          const reply = await send(messages, stream);
          const calls = reply.content.filter((block) => block.type === 'tool_use');
          if (calls.length === 0) {
            return reply.content.map((block) => block.text ?? '').join('');
          }
          messages.push({ role: 'assistant', content: reply.content });
          messages.push({ role: 'user', content: calls.map((call) => ({ type: 'tool_result', tool_use_id: call.id, content: read(call.input) })) });
        }
      },
      refuse: () => send([
        { role: 'user', content: ask },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'Read', input: {} }] },
        { role: 'user', content: 'No answer.' },
      ], false),
    };
  },

  gemini() {
    const client = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: url } });
    const config = { tools: [{ functionDeclarations: [{ name: 'Read', description: 'Reads a file.', parametersJsonSchema: schema }] }] };
    const send = async (contents, stream) => {
      const request = { model: 'gemini-3-pro', contents, config };
      if (!stream) {
        return (await client.models.generateContent(request)).candidates[0].content.parts;
      }
      const parts = [];
      for await (const chunk of await client.models.generateContentStream(request)) {
        parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
      }
      return parts;
    };
    return {
      async task(stream) {
        const contents = [{ role: 'user', parts: [{ text: ask }] }];
        for (;;) {
          const parts = await send(contents, stream);
          const calls = parts.filter((part) => part.functionCall);
          if (calls.length === 0) {
            return parts.map((part) => (part.thought ? '' : part.text ?? '')).join('');
          }
          contents.push({ role: 'model', parts });
          contents.push({ role: 'user', parts: calls.map(({ functionCall: { id, name, args } }) => ({ functionResponse: { id, name, response: { output: read(args) } } })) });
        }
      },
      refuse: () => send([
        { role: 'user', parts: [{ text: ask }] },
        { role: 'model', parts: [{ functionCall: { name: 'Read', args: {} } }] },
        { role: 'user', parts: [{ text: 'No answer.' }] },
      ], false),
    };
  },

  openai() {
    const client = new OpenAI({ apiKey: 'key', baseURL: url, maxRetries: 0 });
    const tools = [{ type: 'function', function: { name: 'Read', description: 'Reads a file.', parameters: schema } }];
    const send = (messages, stream) => {
      const body = { model: 'm1', tools, messages };
      return stream ? client.chat.completions.stream({ ...body, stream_options: { include_usage: true } }).finalChatCompletion() : client.chat.completions.create(body);
    };
    return {
      async task(stream) {
        const messages = [{ role: 'user', content: ask }];
        for (;;) {
          const { message } = (await send(messages, stream)).choices[0];
          if (!message.tool_calls?.length) {
            return message.content;
          }
          const tool_calls = message.tool_calls.map(({ id, type, function: { name, arguments: text } }) => ({ id, type, function: { name, arguments: text } }));
          messages.push({ role: 'assistant', content: message.content, tool_calls });
          messages.push(...tool_calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: read(JSON.parse(call.function.arguments)) })));
        }
      },
      refuse: () => send([
        { role: 'user', content: ask },
        { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'Read', arguments: '{}' } }] },
        { role: 'user', content: 'No answer.' },
      ], false),
    };
  },

  'openai-responses'() {
    const client = new OpenAI({ apiKey: 'key', baseURL: url, maxRetries: 0 });
    const tools = [{ type: 'function', name: 'Read', description: 'Reads a file.', parameters: schema, strict: false }];
    const send = async (input, stream) => {
      const body = { model: 'm1', tools, input, store: false, include: ['reasoning.encrypted_content'] };
      if (!stream) {
        return client.responses.create(body);
      }
      // Event by event: the client's own accumulator throws at the unknown event that the fake sends.
      let text = '';
      for await (const event of await client.responses.create({ ...body, stream: true })) {
        text += event.type === 'response.output_text.delta' ? event.delta : '';
        if (event.type === 'response.completed') {
          return { output: event.response.output, output_text: text };
        }
      }
      throw new Error('no response.completed');
    };
    return {
      async task(stream) {
        const input = [{ role: 'user', content: ask }];
        for (;;) {
          const reply = await send(input, stream);
          const calls = reply.output.filter((item) => item.type === 'function_call');
          if (calls.length === 0) {
            return reply.output_text;
          }
          input.push(...reply.output);
          input.push(...calls.map((call) => ({ type: 'function_call_output', call_id: call.call_id, output: read(JSON.parse(call.arguments)) })));
        }
      },
      refuse: () => send([{ role: 'user', content: ask }, { type: 'function_call', call_id: 'a', name: 'Read', arguments: '{}' }], false),
    };
  },

  ollama() {
    const client = new Ollama({ host: url });
    const tools = [{ type: 'function', function: { name: 'Read', description: 'Reads a file.', parameters: schema } }];
    const send = async (messages, stream) => {
      const body = { model: 'm1', tools, messages, options: { num_ctx: 8192 } };
      if (!stream) {
        return (await client.chat(body)).message;
      }
      const message = { role: 'assistant', content: '', tool_calls: [] };
      for await (const part of await client.chat({ ...body, stream: true })) {
        message.content += part.message.content ?? '';
        message.tool_calls.push(...(part.message.tool_calls ?? []));
      }
      return message;
    };
    return {
      async task(stream) {
        const messages = [{ role: 'user', content: ask }];
        for (;;) {
          const { content, tool_calls } = await send(messages, stream);
          if (!tool_calls?.length) {
            return content;
          }
          messages.push({ role: 'assistant', content, tool_calls });
          messages.push(...tool_calls.map((call) => ({ role: 'tool', tool_name: call.function.name, content: read(call.function.arguments) })));
        }
      },
      refuse: () => send([
        { role: 'user', content: ask },
        { role: 'assistant', content: '', tool_calls: [{ function: { name: 'Read', arguments: {} } }] },
        { role: 'user', content: 'No answer.' },
      ], false),
    };
  },
};

const driver = drivers[api]();
const whole = await driver.task(false);
const streamed = await driver.task(true);
let refused = 'not at all';
try {
  await driver.refuse();
} catch (error) {
  refused = error.status ?? error.status_code ?? String(error);
}
console.log(JSON.stringify({ whole, streamed, refused }));
