// Stands in for @webgpu/types in headless zones, so that GPU and DOM names stay out of them.
export {}
