namespace Symbolon.Server.Outbound;

/// <summary>
/// The connections of a command in its operator's own process: to the admin API, and to the server that is being registered. They go
/// where the operator says, under the operator's rights, so the guard of the gateway does not stand here; but no redirect is followed,
/// no cookie kept and no proxy of the environment used, so a token goes nowhere else.
/// </summary>
public static class OperatorHandler
{
    /// <returns>A handler that its client disposes.</returns>
    public static HttpMessageHandler Create() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxResponseHeadersLength = 64,
    };
}
