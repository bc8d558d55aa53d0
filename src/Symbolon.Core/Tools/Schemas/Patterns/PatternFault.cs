namespace Symbolon.Core.Tools.Schemas.Patterns;

/// <summary>A pattern that is not taken. Thrown by its reader, and caught where the pattern is made.</summary>
/// <param name="why">The end of a sentence: <c>has a backreference (at character 4), …</c>.</param>
internal sealed class PatternFaultException(string why) : Exception(why);
