import ts from 'typescript'
import { listNodes, listSentences, readSources } from './sentences.ts'

const patterns = [
	...['cli/**/*.ts', 'db/**/*.ts', 'core/connect/*.ts', 'core/config/header-rules.ts'],
	...['core/proxy/protocol-check/*.ts', 'core/proxy/quiet-call.ts', 'core/proxy/probe.ts'],
]

/** Which arguments of a call are sentences for people, by the name of what is called. */
const spoken: Readonly<Record<string, readonly number[]>> = {
	...{ usageError: [0, 1], notFoundError: [0, 1], reject: [0], CliError: [2, 3], DatabaseError: [1] },
	...{ advise: [0], note: [0], confirm: [0], askSecret: [0], say: [0], tellWaiting: [1] },
}

/** The same where findings and judgements are made. */
const found: Readonly<Record<string, readonly number[]>> = {
	...{ ok: [0], warn: [0], fail: [0], skip: [0], partly: [0], no: [0] },
}

/** The English sentences that people are told by the command line, read from the sources as in `listSentences`. */
export function listCliSentences(): string[] {
	const sources = readSources(patterns)
	const sentences = new Set<string>()
	for (const source of sources) {
		const known = /doctor\/|protocol-check\//.test(source.fileName) ? { ...spoken, ...found } : spoken
		for (const node of listNodes(source)) {
			if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) continue
			const name = node.expression.getText().split('.').at(-1) ?? ''
			const places = Object.hasOwn(known, name) ? (known[name] ?? []) : []
			for (const place of places) {
				const argument = node.arguments?.[place]
				if (argument) for (const text of listSentences(argument, sources)) sentences.add(text)
			}
		}
	}
	return [...sentences].filter(isSentence).sort()
}

/** Two words at least, not all of them what varies, and no command to type. */
const isSentence = (text: string) =>
	!/^(?:--|chmod |npm )/.test(text) &&
	/[a-z]{2}/i.test(text.replace(/\{\d\}/g, '')) &&
	/\w \S|\S \w/.test(text)
