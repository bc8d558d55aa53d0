namespace Symbolon.Cel.Patterns;
internal sealed class CelPattern(System.Text.RegularExpressions.Regex r)
{
    public static CelPattern? Parse(string pattern, out string? fault) { fault = null; try { return new CelPattern(new System.Text.RegularExpressions.Regex(pattern, System.Text.RegularExpressions.RegexOptions.NonBacktracking)); } catch (System.Exception e) { fault = e.Message; return null; } }
    public bool IsMatch(ReadOnlySpan<char> text) => r.IsMatch(text);
    public int Size { get; } = 1;
}
