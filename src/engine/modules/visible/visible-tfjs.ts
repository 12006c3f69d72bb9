// tfjs as the modules of a workspace import it: of the functions that it makes of theirs, these are known.
import * as tf from '@tensorflow/tfjs'
import { made } from './sight.ts'

type Making = (...args: never[]) => object

/** Gives what `make` gives, known to hold what it was given. */
const known =
  <T extends Making>(make: T) =>
  (...args: Parameters<T>): object =>
    made(make(...args), args)

const { customGrad, grad, grads, valueAndGrad, valueAndGrads, op } = tf
const making: Record<string, Making> = { customGrad, grad, grads, valueAndGrad, valueAndGrads, op }

export const visibleTfjs: object = {
  ...tf,
  ...Object.fromEntries(Object.entries(making).map(([name, make]) => [name, known(make)])),
}
