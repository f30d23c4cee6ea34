import { createContext } from 'svelte'

export interface Toast {
	id: number
	text: string
	tone: 'plain' | 'good' | 'bad'
	/** Such as Undo. The toast goes when it is used. */
	action?: { label: string; run: () => void | Promise<void> }
}

/** Long enough to read and to reach Undo; the specification asks for 10 s. */
const lifetimeMs = 10_000
const shownAtOnce = 4

/** Short messages in a corner, spoken by a live region. They wait while the pointer or the focus is on them. */
export class Toasts {
	list: Toast[] = $state([])
	#next = 1
	#timers = new Map<number, ReturnType<typeof setTimeout>>()

	show(text: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): number {
		const toast: Toast = { id: this.#next++, text, tone: options.tone ?? 'plain', action: options.action }
		this.list = [...this.list, toast].slice(-shownAtOnce)
		this.#start(toast.id)
		return toast.id
	}

	dismiss(id: number): void {
		clearTimeout(this.#timers.get(id))
		this.#timers.delete(id)
		this.list = this.list.filter(toast => toast.id !== id)
	}

	hold(): void {
		for (const timer of this.#timers.values()) clearTimeout(timer)
	}

	release(): void {
		for (const toast of this.list) this.#start(toast.id)
	}

	#start(id: number): void {
		clearTimeout(this.#timers.get(id))
		this.#timers.set(
			id,
			setTimeout(() => this.dismiss(id), lifetimeMs),
		)
	}
}

export const [useToasts, provideToasts] = createContext<Toasts>()
