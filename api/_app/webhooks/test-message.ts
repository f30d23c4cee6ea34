import type { Random } from '../../../core/ports.ts'
import type { WebhookStore } from '../../../db/index.ts'
import { type Delivery, type DeliveryMeans, deliver } from './deliver.ts'

/** Sends one webhook a message of type `test`, without a second try. Undefined: there is none that could be opened. */
export async function sendTestMessage(
	store: WebhookStore,
	means: DeliveryMeans,
	id: string,
	random: Random,
): Promise<Delivery | undefined> {
	const target = (await store.targets()).find(each => each.id === id)
	if (!target) return undefined
	const timestamp = new Date(means.clock.now()).toISOString()
	const data = { webhook: target.name, events: target.events }
	const result = await deliver(means, target, { id: random.id('msg'), type: 'test', timestamp, data })
	await store.noteDelivery(id, result)
	return result
}
