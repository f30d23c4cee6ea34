import { describeError } from '../api/describe-error.ts'
import type { Toasts } from '../components/ui/toasts.svelte.ts'
import type { I18n } from '../i18n/i18n.svelte.ts'
import type { LiveStatus } from '../live/status.svelte.ts'
import type { Status } from '../live/status.ts'

export interface ChangeOptions<Answer> {
	/** How it looks when done, shown at once. Only for what can be taken back. */
	show?: (status: Status) => Status
	send: () => Promise<Answer>
	/** Said when done. */
	done?: string
	/** The Undo button of the toast. */
	undo?: (answer: Answer) => Promise<unknown>
	/** For failures that the form shows itself: true keeps the toast away. */
	onerror?: (error: unknown) => boolean
}

export interface ChangeTools {
	status: LiveStatus
	toasts: Toasts
	i18n: I18n
}

/**
 * Makes a change: shows it at once, sends it, takes it back when it failed, says so, offers Undo, and asks for the
 * new state. Resolves to the answer, or undefined when it failed.
 */
export async function makeChange<Answer>(
	{ status, toasts, i18n }: ChangeTools,
	{ show, send, done, undo, onerror }: ChangeOptions<Answer>,
): Promise<Answer | undefined> {
	const takeBack = show ? status.overlay(show) : () => {}
	const release = show ? status.hold() : () => {}
	try {
		const answer = await send()
		if (hasRevision(answer)) status.expectRevision(answer.revision)
		if (done !== undefined) {
			const action = undo && {
				label: i18n.messages.common.ui.undo,
				run: async () => {
					await makeChange({ status, toasts, i18n }, { send: () => undo(answer) })
				},
			}
			toasts.show(done, { tone: 'good', action })
		}
		return answer
	} catch (error) {
		takeBack()
		if (!onerror?.(error)) toasts.show(describeError(error, i18n.messages.errors).title, { tone: 'bad' })
		return undefined
	} finally {
		release()
		void status.refreshAfter()
	}
}

const hasRevision = (answer: unknown): answer is { revision: number } =>
	typeof answer === 'object' && answer !== null && 'revision' in answer && typeof answer.revision === 'number'
