namespace Symbolon.Client;

/// <summary>There is no token for a call, and so the call was not made. Holds no secret.</summary>
/// <param name="code">
/// What Symbolon answered (<c>invalid_client</c>, <c>invalid_grant</c>, <c>invalid_scope</c>, …: RFC 6749 §5.2), or <c>unreachable</c>, <c>invalid_answer</c>,
/// <c>not_enrolled</c>, <c>no_platform_token</c>, <c>wrong_target</c>, <c>no_caller</c>.
/// </param>
public sealed class SymbolonException(string code, string message, Exception? cause = null) : Exception(message, cause)
{
    public string Code => code;
}
