/**
 * Scripted AI upstreams: real HTTP servers that refuse what the vendors' APIs refuse and answer what a test tells them.
 *
 * @example
 * const upstream = await startOpenAiUpstream({ keys: ['sk-good', 'sk-spent'] })
 * upstream.keyFaults.set('sk-spent', upstream.faults.quota)
 * upstream.script(
 *   { toolCalls: [{ name: 'get_weather', args: { city: 'Oslo' } }] },          // first accepted request
 *   request => ({ text: `body had ${request.rawBody.length} bytes` }),         // second
 *   { text: ['cut ', 'here', ' never sent'], cutAfterEvents: 3 },              // third: role chunk and two deltas
 *   { fault: { status: 503, body: { error: { message: 'busy' } } } },          // fourth
 * )
 * const gate = upstream.gate()
 * upstream.script({ text: ['one', 'two'], gate })                              // sends when the test says so
 * // … call `${upstream.url}/v1/chat/completions` …
 * gate.release(2)
 * const last = await upstream.waitForRequest(5)
 * await upstream.close()
 */
export { startAnthropicUpstream } from './anthropic/server.ts'
export { startGeminiUpstream } from './gemini/server.ts'
export type { ScriptedUpstream } from './http-server.ts'
export { type OpenAiUpstreamOptions, startOpenAiUpstream } from './openai/server.ts'
export { startResponsesUpstream } from './responses/server.ts'
export type { Fault, RecordedRequest, ScriptedAnswer } from './script.ts'
