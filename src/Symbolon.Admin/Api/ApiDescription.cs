using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Symbolon.Admin.Api;

/// <summary>What the OpenAPI document says besides the shapes: title, the token that every route takes, the parameters of queries, and If-Match.</summary>
internal sealed class ApiDescription : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string Scheme = "administrator";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "Symbolon admin API", Version = "v1" };
        // Where it is reached is the operator's business, and never taken from the request.
        document.Servers?.Clear();
        document.AddComponent(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An administrator's token, sym_adm_…",
        });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var names in context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryNames>())
            foreach (var name in names.Names)
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Query,
                    Schema = new OpenApiSchema { Type = name == "limit" ? JsonSchemaType.Integer : JsonSchemaType.String },
                });
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IfMatch.Mark>().Any())
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = "If-Match",
                In = ParameterLocation.Header,
                Description = "The ETag of the version that the caller saw; another one is answered 412.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        return Task.CompletedTask;
    }
}
