import type { Language } from '../texts/index.ts'
import { english, type WizardTexts } from './texts-en.ts'
import { chinese } from './texts-zh.ts'

export type { WizardTexts }

export const chooseTexts = (language: Language): WizardTexts => (language === 'zh' ? chinese : english)
