import { commandSentences } from './commands.ts'
import { databaseSentences } from './database.ts'
import { checkedSentences, doctorSentences } from './doctor.ts'
import { helpSentences } from './help.ts'
import { fieldSentences, historySentences } from './history.ts'
import { inputSentences } from './input.ts'
import { requestSentences } from './requests.ts'
import { resultSentences } from './results.ts'
import { upstreamSentences } from './upstreams.ts'

/** Sentences in Chinese by the English ones; `{0}` stands for what varies. A test finds those that are missing. */
export const sentences: Readonly<Record<string, string>> = {
	...commandSentences,
	...helpSentences,
	...inputSentences,
	...databaseSentences,
	...resultSentences,
	...requestSentences,
	...historySentences,
	...fieldSentences,
	...doctorSentences,
	...checkedSentences,
	...upstreamSentences,
}
