using Symbolon.Cel.Values;

namespace Symbolon.Cel.Evaluation;

/// <summary>A part of an expression, compiled.</summary>
internal delegate CelValue Step(CelActivation run);
