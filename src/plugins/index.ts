// The built-in plugins, in the order in which lists show them.
import type { PluginClass } from 'plugboard'
import cnn from './models/cnn.ts'
import encoder from './models/encoder.ts'
import gpt from './models/gpt.ts'
import mlp from './models/mlp.ts'
import rnn from './models/rnn.ts'
import classificationHead from './heads/classification.ts'
import languageModelHead from './heads/language-model.ts'
import maskedLanguageModelHead from './heads/masked-language-model.ts'
import multiTaskHead from './heads/multi-task.ts'
import regressionHead from './heads/regression.ts'
import denseLayers from './layers/dense.ts'
import normLayers from './layers/norms.ts'
import imageLayers from './layers/images.ts'
import sequenceLayers from './layers/sequences.ts'
import fullAttention from './layers/full-attention.ts'
import linearAttention from './layers/linear-attention.ts'
import mlpFfn from './layers/mlp-ffn.ts'
import moeFfn from './layers/moe-ffn.ts'
import slidingWindowAttention from './layers/sliding-window-attention.ts'
import swigluFfn from './layers/swiglu-ffn.ts'
import topKRouter from './layers/top-k-router.ts'
import activationLayers from './layers/activations.ts'
import joiningLayers from './layers/joining.ts'
import poolLayer from './layers/pooling.ts'
import reshapingLayers from './layers/reshaping.ts'
import bce from './losses/bce.ts'
import crossEntropy from './losses/cross-entropy.ts'
import huber from './losses/huber.ts'
import mae from './losses/mae.ts'
import mse from './losses/mse.ts'
import adamw from './optimizers/adamw.ts'
import lion from './optimizers/lion.ts'
import muon from './optimizers/muon.ts'
import rmsprop from './optimizers/rmsprop.ts'
import sgd from './optimizers/sgd.ts'
import constant from './schedules/constant.ts'
import cosine from './schedules/cosine.ts'
import exponentialSchedule from './schedules/exponential.ts'
import linearSchedule from './schedules/linear.ts'
import oneCycle from './schedules/one-cycle.ts'
import stepSchedule from './schedules/step.ts'
import warmup from './schedules/warmup.ts'
import accuracy from './metrics/accuracy.ts'
import auc from './metrics/auc.ts'
import bitsPerCharacter from './metrics/bits-per-character.ts'
import confusionMatrix from './metrics/confusion-matrix.ts'
import exactMatch from './metrics/exact-match.ts'
import meanAbsoluteError from './metrics/mae.ts'
import perplexity from './metrics/perplexity.ts'
import precisionRecall from './metrics/precision-recall.ts'
import rSquared from './metrics/r2.ts'
import digits from './datasets/digits.ts'
import fashion from './datasets/fashion.ts'
import iris from './datasets/iris.ts'
import mobyDick from './datasets/moby-dick.ts'
import names from './datasets/names.ts'
import penguins from './datasets/penguins.ts'
import points from './datasets/points.ts'
import sequences from './datasets/sequences.ts'
import sonnets from './datasets/sonnets.ts'
import sp500 from './datasets/sp500.ts'
import spam from './datasets/spam.ts'
import imageFolder from './datasets/image-folder.ts'
import table from './datasets/table.ts'
import textFile from './datasets/text-file.ts'
import bpe from './text/bpe.ts'
import byte from './text/byte.ts'
import char from './text/char.ts'
import classLabels from './text/class-labels.ts'
import encodeText from './text/encode-text.ts'
import nextToken from './text/next-token.ts'
import wordPiece from './text/word-piece.ts'
import standardize from './preprocessors/standardize.ts'
import minMax from './preprocessors/min-max.ts'
import impute from './preprocessors/impute.ts'
import oneHot from './preprocessors/one-hot.ts'
import joinColumns from './preprocessors/join-columns.ts'
import technicalIndicators from './features/technical-indicators.ts'
import windows from './features/windows.ts'
import dateParts from './features/date-parts.ts'
import backTranslation from './augmenters/back-translation.ts'
import characterNoise from './augmenters/character-noise.ts'
import imageNoise from './augmenters/image-noise.ts'
import imageWarp from './augmenters/image-warp.ts'
import localTranslation from './augmenters/local-translation.ts'
import synonyms from './augmenters/synonyms.ts'
import tableJitter from './augmenters/table-jitter.ts'
import wordDropout from './augmenters/word-dropout.ts'
import classBalanced from './samplers/class-balanced.ts'
import distributed from './samplers/distributed.ts'
import sequential from './samplers/sequential.ts'
import weighted from './samplers/weighted.ts'
import charts from './callbacks/charts.ts'
import checkpointing from './callbacks/checkpointing.ts'
import earlyStopping from './callbacks/early-stopping.ts'
import ema from './callbacks/ema.ts'
import modelAveraging from './callbacks/model-averaging.ts'
import gradientClipping from './callbacks/gradient-clipping.ts'
import logging from './callbacks/logging.ts'
import metricsCsv from './callbacks/metrics-csv.ts'
import ngramBaselines from './callbacks/ngram-baselines.ts'
import sampleText from './callbacks/sample-text.ts'
import updateRatio from './callbacks/update-ratio.ts'
import activations from './callbacks/activations.ts'
import attentionMaps from './callbacks/attention-maps.ts'
import confusionPanel from './callbacks/confusion-panel.ts'
import decisionBoundary from './callbacks/decision-boundary.ts'
import embeddingProjection from './callbacks/embedding-projection.ts'
import gradientHistograms from './callbacks/gradient-histograms.ts'
import weightHistograms from './callbacks/weight-histograms.ts'
import jsonExporter from './exporters/json.ts'
import safetensorsExporter from './exporters/safetensors.ts'
import tfjsExporter from './exporters/tfjs.ts'
import yamlExporter from './exporters/yaml.ts'

export const builtinPlugins: PluginClass[] = [
  cnn,
  encoder,
  gpt,
  mlp,
  rnn,
  classificationHead,
  languageModelHead,
  maskedLanguageModelHead,
  multiTaskHead,
  regressionHead,
  denseLayers,
  normLayers,
  imageLayers,
  sequenceLayers,
  fullAttention,
  linearAttention,
  slidingWindowAttention,
  mlpFfn,
  moeFfn,
  swigluFfn,
  topKRouter,
  activationLayers,
  joiningLayers,
  poolLayer,
  reshapingLayers,
  bce,
  crossEntropy,
  huber,
  mae,
  mse,
  adamw,
  lion,
  muon,
  rmsprop,
  sgd,
  constant,
  cosine,
  exponentialSchedule,
  linearSchedule,
  oneCycle,
  stepSchedule,
  warmup,
  accuracy,
  auc,
  bitsPerCharacter,
  confusionMatrix,
  exactMatch,
  meanAbsoluteError,
  perplexity,
  precisionRecall,
  rSquared,
  digits,
  fashion,
  iris,
  mobyDick,
  names,
  penguins,
  points,
  sequences,
  sonnets,
  sp500,
  spam,
  imageFolder,
  table,
  textFile,
  bpe,
  byte,
  char,
  wordPiece,
  classLabels,
  encodeText,
  nextToken,
  standardize,
  minMax,
  impute,
  oneHot,
  joinColumns,
  technicalIndicators,
  windows,
  dateParts,
  backTranslation,
  characterNoise,
  imageNoise,
  imageWarp,
  localTranslation,
  synonyms,
  tableJitter,
  wordDropout,
  classBalanced,
  distributed,
  sequential,
  weighted,
  charts,
  checkpointing,
  earlyStopping,
  ema,
  modelAveraging,
  gradientClipping,
  logging,
  metricsCsv,
  ngramBaselines,
  sampleText,
  updateRatio,
  activations,
  attentionMaps,
  confusionPanel,
  decisionBoundary,
  embeddingProjection,
  gradientHistograms,
  weightHistograms,
  safetensorsExporter,
  tfjsExporter,
  yamlExporter,
  jsonExporter,
]
