/**
 * What conversion notes say, by the server's English sentence; `{0}` stands for what it put there. Words below the
 * sentences are what may stand in such a place.
 */
export const notes = {
	'the upstream wants {0}': 'the upstream wants {0}',
	'the upstream takes at most {0} output tokens': 'the upstream takes at most {0} output tokens',
	'the upstream does not take {0}': 'the upstream does not take {0}',
	'the upstream takes these efforts: {0}': 'the upstream takes these efforts: {0}',
	'the upstream does not reason while it has tools': 'the upstream does not reason while it has tools',
	'the upstream takes {0} to {1} thinking tokens': 'the upstream takes {0} to {1} thinking tokens',
	'the upstream takes no thinking': 'the upstream takes no thinking',
	'the upstream takes adaptive thinking only': 'the upstream takes adaptive thinking only',
	'the upstream takes no messages of role {0}': 'the upstream takes no messages of role {0}',
	"the upstream does not take {0} of a tool's schema": "the upstream does not take {0} of a tool's schema",
	'the upstream reads no {0}s': 'the upstream reads no {0}s',
	'the upstream wants reasoning_content': 'the upstream wants reasoning_content',
	'the upstream takes no reasoning_content': 'the upstream takes no reasoning_content',
	'the upstream does not know {0}': 'the upstream does not know {0}',
	'the upstream wants a thought signature on each call':
		'the upstream wants a thought signature on each call',
	'thinking that another upstream signed was left out': 'thinking that another upstream signed was left out',
	'any of the beta flags': 'any of the beta flags',
	'the beta {0}': 'the beta {0}',
	'two tool calls had the same id': 'two tool calls had the same id',
	'arguments that came after the call was complete were dropped':
		'arguments that came after the call was complete were dropped',
	'a tool call was cut off by the token limit': 'a tool call was cut off by the token limit',
	'{0} after the last content block was dropped: clients take it for an empty answer':
		'{0} after the last content block was dropped: clients take it for an empty answer',
	'a {0} that cannot be sent to this upstream was replaced by a text that says so':
		'a {0} that cannot be sent to this upstream was replaced by a text that says so',
	'this upstream gives no citations of documents': 'this upstream gives no citations of documents',
	'MCP servers are not called by this upstream': 'MCP servers are not called by this upstream',
	'containers live at Anthropic and mean nothing here': 'containers live at Anthropic and mean nothing here',
	'the tier is chosen in the upstream’s own project settings':
		'the tier is chosen in the upstream’s own project settings',
	'this upstream does not shorten a conversation: all of it was sent':
		'this upstream does not shorten a conversation: all of it was sent',
	'another key of the upstream is tried, never another model':
		'another key of the upstream is tried, never another model',
	'budgets of whole tasks are not known here': 'budgets of whole tasks are not known here',
	'this upstream has nothing like it': 'this upstream has nothing like it',
	'effort is set for the whole request, not for one message':
		'effort is set for the whole request, not for one message',
	'a system message stays as long as the client sends it':
		'a system message stays as long as the client sends it',
	'tools were not added or removed midway: what `tools` lists can be called':
		'tools were not added or removed midway: what `tools` lists can be called',
	'OpenAI’s APIs have no such parameter': 'OpenAI’s APIs have no such parameter',
	'reasoning models refuse it': 'reasoning models refuse it',
	'OpenAI-compatible models answer after a trailing assistant message, they do not continue it':
		'OpenAI-compatible models answer after a trailing assistant message, they do not continue it',
	'tool name "{0}" is not allowed upstream': 'tool name "{0}" is not allowed upstream',
	'tool "{0}" ({1}) is built into Claude and was left out: other models do not know it':
		'tool "{0}" ({1}) is built into Claude and was left out: other models do not know it',
	'this model takes at most {0} output tokens': 'this model takes at most {0} output tokens',
	'neither model nor upstream type is known to take a reasoning effort: its default holds':
		'neither model nor upstream type is known to take a reasoning effort: its default holds',
	'this model has no effort "{0}": "{1}" is the nearest':
		'this model has no effort "{0}": "{1}" is the nearest',
	'a tool result without its call is sent as text': 'a tool result without its call is sent as text',
	'a tool call without a result was given one that says so':
		'a tool call without a result was given one that says so',
	'OpenAI takes no alternatives at the top of a tool’s schema: they became one object':
		'OpenAI takes no alternatives at the top of a tool’s schema: they became one object',
	'a tool call without a name': 'a tool call without a name',
	'an item of type "{0}" has no place in a message': 'an item of type "{0}" has no place in a message',
	'a part of type "{0}" has no place in a message': 'a part of type "{0}" has no place in a message',
	'unknown reason for an incomplete answer "{0}" taken for the token limit':
		'unknown reason for an incomplete answer "{0}" taken for the token limit',
	'thinking that this upstream did not make, or that led to nothing, was left out':
		'thinking that this upstream did not make, or that led to nothing, was left out',
	'this API takes no limit below {0} output tokens': 'this API takes no limit below {0} output tokens',
	'the Responses API has no stop sequences': 'the Responses API has no stop sequences',
	'tool "{0}" is not strict upstream: {1}': 'tool "{0}" is not strict upstream: {1}',
	'this upstream type knows no strict tools': 'this upstream type knows no strict tools',
	'its schema breaks OpenAI’s rules for strict ones': 'its schema breaks OpenAI’s rules for strict ones',
	'the web search of this API can be limited to domains, but not kept from some':
		'the web search of this API can be limited to domains, but not kept from some',
	'unknown finish reason "{0}" taken for the end of the turn':
		'unknown finish reason "{0}" taken for the end of the turn',
	'only the first {0} are sent: the upstream takes no more':
		'only the first {0} are sent: the upstream takes no more',
	'OpenAI refuses tools together with an effort in Chat Completions: the default holds':
		'OpenAI refuses tools together with an effort in Chat Completions: the default holds',
	'OpenAI refuses tools together with reasoning in Chat Completions for this model: reasoning is off':
		'OpenAI refuses tools together with reasoning in Chat Completions for this model: reasoning is off',
	'this upstream type knows no structured output: the model is asked for it in the system prompt':
		'this upstream type knows no structured output: the model is asked for it in the system prompt',
	'this upstream type cannot be kept from calling several tools at once':
		'this upstream type cannot be kept from calling several tools at once',
	'this upstream type cannot force one of several tools: the model may answer without any':
		'this upstream type cannot force one of several tools: the model may answer without any',
	'a function call without a name was left out': 'a function call without a name was left out',
	'the model answered with a file, which a message cannot carry':
		'the model answered with a file, which a message cannot carry',
	'the answer ended with {0} after complete tool calls':
		'the answer ended with {0} after complete tool calls',
	'search results that another service encrypted became text':
		'search results that another service encrypted became text',
	'the result of an unknown tool call became text': 'the result of an unknown tool call became text',
	'a tool call had no result': 'a tool call had no result',
	'this model writes at most {0} tokens': 'this model writes at most {0} tokens',
	'this model takes no temperature, top_p or top_k': 'this model takes no temperature, top_p or top_k',
	'Gemini takes {0} stop sequences; the others were left out':
		'Gemini takes {0} stop sequences; the others were left out',
	'unknown format {0}': 'unknown format {0}',
	'this model cannot be bound to a schema while it has tools; the system prompt asks for it':
		'this model cannot be bound to a schema while it has tools; the system prompt asks for it',
	"Gemini's schema cannot say: {0}": "Gemini's schema cannot say: {0}",
	'the sources came after the text: they are told as its citations, not as blocks of a search':
		'the sources came after the text: they are told as its citations, not as blocks of a search',
	'Gemini gives no citations of documents': 'Gemini gives no citations of documents',
	'the {0} became a text: {1}': 'the {0} became a text: {1}',
	'files uploaded to Anthropic stay there': 'files uploaded to Anthropic stay there',
	'Gemini takes no {0}': 'Gemini takes no {0}',
	'Gemini fetches from https addresses only': 'Gemini fetches from https addresses only',
	'Gemini has nothing like a {0} block': 'Gemini has nothing like a {0} block',
	'Gemini has nothing like {0}': 'Gemini has nothing like {0}',
	'Gemini has no strict tools: arguments may stray from the schema':
		'Gemini has no strict tools: arguments may stray from the schema',
	'this model does not go on from a last assistant message by itself; it was asked to':
		'this model does not go on from a last assistant message by itself; it was asked to',
	'this model is not known to think': 'this model is not known to think',
	'this model takes {0} to {1} thinking tokens, less than max_tokens':
		'this model takes {0} to {1} thinking tokens, less than max_tokens',
	'this model cannot turn thinking off; it thinks as little as it can':
		'this model cannot turn thinking off; it thinks as little as it can',
	'the name became {0}, since Gemini takes 64 letters, digits, _ and -':
		'the name became {0}, since Gemini takes 64 letters, digits, _ and -',
	'another tool has the same name': 'another tool has the same name',
	'Gemini cannot use it together with the other tools': 'Gemini cannot use it together with the other tools',
	"Gemini's own tool takes no {0}": "Gemini's own tool takes no {0}",
	'Gemini cannot be kept from calling several tools at once':
		'Gemini cannot be kept from calling several tools at once',
	'Gemini decides itself when it uses its own tools': 'Gemini decides itself when it uses its own tools',
	'the billing header block was left out: it would defeat prompt caching':
		'the billing header block was left out: it would defeat prompt caching',
	"tools in OpenAI's shape were rewritten in Anthropic's":
		"tools in OpenAI's shape were rewritten in Anthropic's",
	'thinking of another upstream was left out: its signature is not Anthropic’s':
		'thinking of another upstream was left out: its signature is not Anthropic’s',
	'ids of tool calls that another upstream gave were replaced':
		'ids of tool calls that another upstream gave were replaced',
	image: 'image',
	document: 'document',
	file: 'file',
	thinking: 'thinking',
}
