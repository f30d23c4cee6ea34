import { redactUrl } from '../config/redact.ts'
import type { UpstreamConfig } from '../config/upstream.ts'

/** Shorter values of headers are ordinary words, and masking them would garble a text. */
const shortest = 8

/** Passwords, keys and tokens that a URL carries. */
export function readUrlSecrets(url: string): string[] {
	const parsed = URL.parse(url)
	if (!parsed) return []
	const values = [...parsed.searchParams].filter(([name]) => redactUrl(`?${name}=x`) !== `?${name}=x`)
	return [parsed.password, ...values.map(([, value]) => value)]
}

/** What is sent to an upstream, or on the way to it, besides a key, and is nobody's business. */
export function listSentSecrets({
	extraHeaders,
	baseUrl,
	proxyUrl,
}: Pick<UpstreamConfig, 'extraHeaders' | 'baseUrl' | 'proxyUrl'>): string[] {
	const all = [...Object.values(extraHeaders), ...readUrlSecrets(baseUrl), ...readUrlSecrets(proxyUrl)]
	return all.filter(secret => secret.length >= shortest)
}
