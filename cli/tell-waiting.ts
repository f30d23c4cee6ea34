import type { CommandCall } from './command.ts'

/** Whoever looks at a terminal that says nothing for so long thinks that it hangs. */
const patienceMs = 1000

/** Says on stderr what is waited for, when it takes long; to people at a terminal only. */
export async function tellWaiting<Result>(
	{ io, options, style, texts }: Pick<CommandCall, 'io' | 'options' | 'style' | 'texts'>,
	what: string,
	work: Promise<Result>,
): Promise<Result> {
	if (io.columns === undefined || options.has('json')) return work
	const timer = setTimeout(() => io.writeError(`${style.faint(texts.say(what))}\n`), patienceMs)
	try {
		return await work
	} finally {
		clearTimeout(timer)
	}
}
