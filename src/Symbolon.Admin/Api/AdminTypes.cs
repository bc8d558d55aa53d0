using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Symbolon.Admin.Api;

/// <summary>The generated JSON of the API, registered where it is put together: no thing of the API knows the shapes of another.</summary>
internal sealed class AdminTypes(JsonSerializerOptions options)
{
    public JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}

internal static class AdminTypesOfRequests
{
    public static JsonTypeInfo<T> JsonOf<T>(this HttpContext context) => context.RequestServices.GetRequiredService<AdminTypes>().Of<T>();
}
