export const tabNames = ['summary', 'attempts', 'payloads', 'replay'] as const
export type TabName = (typeof tabNames)[number]

export const readTab = (params: Pick<URLSearchParams, 'get'>): TabName =>
	tabNames.find(name => name === params.get('tab')) ?? 'summary'
