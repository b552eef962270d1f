"""For whoever runs Postern: is it alive, can it serve, what does it do."""
