/** What one look found. */
export interface Finding {
	/** What was looked at: `database`, `upstream kimi`. */
	area: string
	level: 'ok' | 'warn' | 'fail' | 'skip'
	/** One sentence without secrets. */
	text: string
	/** What to do about it: a command of ours without the program's name, or a sentence. */
	fix?: { command: string[] } | { advice: string }
	/** Solves it without a risk; tells what was done. */
	repair?(): Promise<string>
}

/** Findings of one area, written short. */
export function inArea(area: string) {
	return {
		ok: (text: string): Finding => ({ area, level: 'ok', text }),
		skip: (text: string): Finding => ({ area, level: 'skip', text }),
		warn: (text: string, more: Pick<Finding, 'fix' | 'repair'> = {}): Finding => ({
			...{ area, level: 'warn', text },
			...more,
		}),
		fail: (text: string, more: Pick<Finding, 'fix' | 'repair'> = {}): Finding => ({
			...{ area, level: 'fail', text },
			...more,
		}),
	}
}

export const advise = (advice: string) => ({ fix: { advice } })
export const suggest = (...command: string[]) => ({ fix: { command } })
