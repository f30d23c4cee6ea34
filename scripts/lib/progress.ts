/** Runs `work`, telling the user about it when it takes long enough to wonder. */
export type Progress = <T>(label: string, work: () => Promise<T>) => Promise<T>

/** For commands: silent, but for one line on a terminal's stderr after a second. stdout belongs to the command. */
export const quietProgress: Progress = async (label, work) => {
	const timer = setTimeout(() => process.stderr.isTTY && process.stderr.write(`${label} …\n`), 1000)
	try {
		return await work()
	} finally {
		clearTimeout(timer)
	}
}

/** For the server's start: says what happens and how long it took. */
export const visibleProgress: Progress = async (label, work) => {
	const startedAt = performance.now()
	process.stdout.write(`${label} …\n`)
	const result = await work()
	process.stdout.write(`${label}: done in ${formatSeconds(performance.now() - startedAt)}\n`)
	return result
}

export const formatSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
