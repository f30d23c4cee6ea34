export { readOpenAiFailure as readFailure } from '../shared/openai-failure.ts'
