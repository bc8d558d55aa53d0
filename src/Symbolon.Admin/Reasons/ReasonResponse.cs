using Symbolon.Core.Policy;

namespace Symbolon.Admin.Reasons;

/// <param name="Number">The JSON-RPC error code where the specification has none of its own.</param>
/// <param name="Status">HTTP status, of the 2026-07-28 revision where revisions differ.</param>
/// <param name="What">What was refused, and why.</param>
/// <param name="Change">What would change the answer.</param>
/// <param name="Who">Who can give it.</param>
/// <param name="Command">A command that shows more, or gives it; absent where there is none.</param>
public sealed record ReasonResponse(string Code, int Number, int Status, string What, string Change, string Who, string? Command)
{
    internal static ReasonResponse Of(ReasonCode code)
    {
        var text = ReasonTexts.Of(code);
        return new ReasonResponse(code.ToText(), (int)code, text.Status, text.What, text.Change, text.Who, text.Command);
    }
}
