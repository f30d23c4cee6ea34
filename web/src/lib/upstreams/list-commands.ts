import { tick } from 'svelte'
import type { UpstreamView } from '../../../../core/views/upstream-view.ts'
import type { Command } from '../commands/commands.svelte.ts'
import type { Messages } from '../i18n/messages/en/index.ts'

interface ListActions {
	words: Messages['upstreams']
	/** As they are shown. */
	upstreams: readonly UpstreamView[]
	reveal: (place: number) => void
	add: () => void
	testAll: () => void
	test: (upstream: UpstreamView) => void
	edit: (upstream: UpstreamView) => void
	setCurrent: (upstream: UpstreamView) => void
	toggleKeys: (upstream: UpstreamView) => void
	openMenu: (upstream: UpstreamView) => void
	focusFilter: () => void
}

/** What the keyboard and the palette can do with the list; single keys mean the upstream that has the focus. */
export function listUpstreamCommands(list: ListActions): Command[] {
	const { words, upstreams } = list
	const group = words.title
	const focused = (run: (upstream: UpstreamView) => void) => () => {
		const id = focusedId()
		const upstream =
			upstreams.find(candidate => candidate.id === id) ?? upstreams.find(({ current }) => current)
		if (upstream) run(upstream)
	}
	const move = (by: number) => () => {
		const at = upstreams.findIndex(({ id }) => id === focusedId())
		const place = at === -1 ? 0 : Math.min(Math.max(at + by, 0), upstreams.length - 1)
		list.reveal(place)
		void focusUpstream(upstreams[place]?.id)
	}
	const { keyboard } = words
	const onFocused: Command[] = [
		{ id: 'next', label: keyboard.next, group, keys: 'j', run: move(1) },
		{ id: 'previous', label: keyboard.previous, group, keys: 'k', run: move(-1) },
		{ id: 'test', label: keyboard.test, group, keys: 't', run: focused(list.test) },
		{ id: 'edit', label: keyboard.edit, group, keys: 'e', run: focused(list.edit) },
		{ id: 'current', label: keyboard.setCurrent, group, keys: 'u', run: focused(list.setCurrent) },
		{ id: 'keys', label: keyboard.keys, group, keys: 'o', run: focused(list.toggleKeys) },
		{ id: 'menu', label: keyboard.menu, group, keys: '.', run: focused(list.openMenu) },
		{ id: 'filter', label: words.toolbar.filter, group, keys: '/', run: list.focusFilter },
	]
	return [
		{ id: 'add', label: words.toolbar.add, group, keys: 'n', run: list.add },
		{ id: 'test-all', label: words.toolbar.testAll, group, keys: 'Shift+T', run: list.testAll },
		...onFocused.map(command => ({ ...command, keysOnly: true })),
		...upstreams.slice(0, 200).flatMap(upstream => [
			{
				id: `edit-${upstream.id}`,
				label: words.keyboard.editNamed(upstream.name),
				group,
				run: () => list.edit(upstream),
			},
			...(upstream.current || !upstream.enabled
				? []
				: [
						{
							id: `current-${upstream.id}`,
							label: words.strips.setCurrent(upstream.name),
							group,
							run: () => list.setCurrent(upstream),
						},
					]),
		]),
	]
}

const focusedId = () => document.activeElement?.closest<HTMLElement>('[data-upstream]')?.dataset.upstream

export async function focusUpstream(id: string | undefined): Promise<void> {
	if (id === undefined) return
	await tick()
	const element = document.querySelector<HTMLElement>(`[data-upstream="${CSS.escape(id)}"]`)
	element?.focus({ preventScroll: true })
	element?.scrollIntoView({ block: 'nearest' })
}
