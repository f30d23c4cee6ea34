export const outputTabs = ['output', 'events', 'converted', 'curl'] as const
export type OutputTab = (typeof outputTabs)[number]

export const readTab = (params: Pick<URLSearchParams, 'get'>): OutputTab =>
	outputTabs.find(tab => tab === params.get('tab')) ?? 'output'
